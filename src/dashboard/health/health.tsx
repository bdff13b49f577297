import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Examination, Finding } from '../../client/index.js';
import { queue } from '../api/client.js';
import { keys } from '../api/queries.js';
import { Ago } from '../components/ago.js';
import { formatDuration } from '../components/format.js';
import { ErrorNote, Loading } from '../components/placeholders.js';
import { PageHeading } from '../shell/page-heading.js';

const VERDICTS = {
  ok: 'All checks passed',
  warning: 'Working, but needs attention',
  problem: 'Problems found',
};

function Verdict({ level, examinedAt, tookSeconds }: Examination) {
  if (level === null || examinedAt === null) return null;
  return (
    <div className="panel-head">
      <h2>{VERDICTS[level]}</h2>
      <p className="quiet small">
        Checked <Ago instant={examinedAt} />, took {formatDuration(tookSeconds ?? 0)}
      </p>
    </div>
  );
}

/** What `spoolite doctor` says of the database, and what to do about it. */
export function Health() {
  const { data, error, isBusy, again } = useDiagnostics();
  const hasFindings = data !== undefined && data.level !== null;
  return (
    <>
      <div className="page-head">
        <PageHeading title="Health">Health</PageHeading>
        <button type="button" className="button" disabled={isBusy} onClick={again}>
          Check again
        </button>
      </div>
      <p role="status" className="quiet examining">
        {isBusy && 'Checking the database. The whole file is read, so a large one takes a while…'}
      </p>
      <div className="panels">
        {error && <ErrorNote title="The database could not be checked" error={error} onRetry={again} />}
        {!hasFindings && !error && <Loading />}
        {hasFindings && (
          <section className="panel" aria-busy={isBusy}>
            <Verdict {...data} />
            <FindingsTable findings={data.findings} />
          </section>
        )}
      </div>
    </>
  );
}

/** How often it is asked for anew while an examination is under way, in milliseconds. */
const RUNNING_MS = 1_000;

/** What the last examination has found, and how to have another one. */
export function useDiagnostics() {
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const query = useQuery({
    queryKey: keys.health,
    queryFn: ({ signal }) => queue.examine({ signal }),
    refetchInterval: ({ state }) => state.data?.running && RUNNING_MS,
    // What was found stays as it was found; whoever wants to know anew says so.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const again = async () => {
    setAsking(true);
    try {
      await client.fetchQuery({
        queryKey: keys.health,
        queryFn: () => queue.examine({ fresh: true }),
        staleTime: 0,
      });
    } catch {
      // The query has the error, and the page tells it.
    } finally {
      setAsking(false);
    }
  };
  const { data, error } = query;
  return { data, error, isBusy: isAsking || query.isPending || data?.running === true, again };
}

/** Worst first; those of a level as they were found. */
const ORDER: Finding['level'][] = ['problem', 'warning', 'ok'];

/** A line for each thing that was looked at, with what to do about it. */
export function FindingsTable({ findings }: { findings: readonly Finding[] }) {
  const sorted = ORDER.flatMap((level) => findings.filter((one) => one.level === level));
  return (
    <table className="table findings">
      <caption className="visually-hidden">Findings, most severe first</caption>
      <thead>
        <tr>
          <th>Check</th>
          <th>Finding</th>
        </tr>
      </thead>
      <tbody>
        {sorted.map(({ check, level, message, advice }) => (
          <tr key={check}>
            <th scope="row">
              <span className="badge" data-level={level}>
                {level}
              </span>{' '}
              {check}
            </th>
            <td className="broad">
              {message}
              {advice && <p className="quiet">To do: {advice}</p>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Diagnosis, Finding } from '../../client/index.js';
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

function Verdict({ level, checkedAt, tookSeconds }: Diagnosis) {
  if (level === null || checkedAt === null) return null;
  return (
    <div className="panel-head">
      <h2>{VERDICTS[level]}</h2>
      <p className="quiet small">
        Checked <Ago instant={checkedAt} />, took {formatDuration(tookSeconds ?? 0)}
      </p>
    </div>
  );
}

/** The findings of `spoolite doctor` on the database, with advice. */
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
      <p role="status" className="quiet checking">
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

/** Refresh interval during a check, in milliseconds. */
const RUNNING_MS = 1_000;

/** The last findings, and a function that starts another check. */
export function useDiagnostics() {
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const query = useQuery({
    queryKey: keys.health,
    queryFn: ({ signal }) => queue.diagnose({ signal }),
    refetchInterval: ({ state }) => state.data?.running && RUNNING_MS,
    // Findings do not change by themselves; a new check is started manually.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const again = async () => {
    setAsking(true);
    try {
      await client.fetchQuery({
        queryKey: keys.health,
        queryFn: () => queue.diagnose({ fresh: true }),
        staleTime: 0,
      });
    } catch {
      // The query has the error, and the page shows it.
    } finally {
      setAsking(false);
    }
  };
  const { data, error } = query;
  return { data, error, isBusy: isAsking || query.isPending || data?.running === true, again };
}

/** Worst first; within a level in their original order. */
const ORDER: Finding['level'][] = ['problem', 'warning', 'ok'];

/** The findings, one per line, with advice. */
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

import type { Examination } from '../../client/index.js';
import { Ago } from '../components/ago.js';
import { ErrorNote } from '../components/error-note.js';
import { Loading } from '../components/loading.js';
import { PageHeading } from '../shell/page-heading.js';
import { FindingsTable } from './findings-table.js';
import { useExamination } from './use-examination.js';

const VERDICTS = {
  ok: 'All is well',
  warning: 'It works, but somebody should see to it',
  problem: 'Something is wrong',
};

function Verdict({ level, examinedAt, tookSeconds }: Examination) {
  if (level === null || examinedAt === null) return null;
  return (
    <div className="panel-head">
      <h2>{VERDICTS[level]}</h2>
      <p className="quiet small">
        Examined <Ago instant={examinedAt} />, in {(tookSeconds ?? 0).toFixed(1)} s
      </p>
    </div>
  );
}

/** What `spoolite doctor` says of the database, and what to do about it. */
export function Health() {
  const { data, error, isBusy, again } = useExamination();
  const hasFindings = data !== undefined && data.level !== null;
  return (
    <>
      <div className="page-head">
        <PageHeading title="Health">Health</PageHeading>
        <button type="button" className="button" disabled={isBusy} onClick={again}>
          Examine again
        </button>
      </div>
      <p role="status" className="quiet examining">
        {isBusy && 'Examining the database: all of it is read, which takes as long as it is large…'}
      </p>
      <div className="panels">
        {error && <ErrorNote title="The database could not be examined" error={error} onRetry={again} />}
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

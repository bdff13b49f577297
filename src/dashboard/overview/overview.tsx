import { useQuery } from '@tanstack/react-query';
import { statsQuery, typesQuery, workersQuery } from '../api/queries.js';
import { ErrorNote } from '../components/error-note.js';
import { Loading } from '../components/loading.js';
import { NoTasks } from '../components/no-tasks.js';
import { PageHeading } from '../shell/page-heading.js';
import { Counts } from './counts.js';
import { HistoryPanel } from './history-panel.js';
import { TypesTable } from './types-table.js';
import { UnservedNotice } from './unserved-notice.js';
import { WorkersTable } from './workers-table.js';

/** All that is above something else is shown at once, so that nothing is pushed down while it is read. */
const useIsReading = (): boolean =>
  [useQuery(statsQuery), useQuery(typesQuery), useQuery(workersQuery)].some(({ isPending }) => isPending);

/** How the queue stands. */
export function Overview() {
  const { data, error, refetch } = useQuery(statsQuery);
  const isReading = useIsReading();
  return (
    <>
      <div className="page-head">
        <PageHeading title="Overview">Overview</PageHeading>
      </div>
      <div className="panels">
        {isReading && <Loading />}
        {error && !data && <ErrorNote title="The counts could not be read" error={error} onRetry={refetch} />}
        {!isReading && (
          <>
            <UnservedNotice />
            <Counts />
            {data?.totalTasks === 0 && <NoTasks />}
            <HistoryPanel />
            <TypesTable />
            <WorkersTable />
          </>
        )}
      </div>
    </>
  );
}

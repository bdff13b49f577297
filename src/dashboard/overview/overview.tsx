import { useQuery } from '@tanstack/react-query';
import { statsQuery } from '../api/queries.js';
import { ErrorNote } from '../components/error-note.js';
import { NoTasks } from '../components/no-tasks.js';
import { PageHeading } from '../shell/page-heading.js';
import { Counts } from './counts.js';
import { HistoryPanel } from './history-panel.js';
import { TypesTable } from './types-table.js';
import { UnservedNotice } from './unserved-notice.js';
import { WorkersTable } from './workers-table.js';

/** How the queue stands. */
export function Overview() {
  const { data, error, refetch } = useQuery(statsQuery);
  return (
    <>
      <div className="page-head">
        <PageHeading title="Overview">Overview</PageHeading>
      </div>
      <div className="panels">
        {error && !data && <ErrorNote title="The counts could not be read" error={error} onRetry={refetch} />}
        <UnservedNotice />
        <Counts />
        {data?.totalTasks === 0 && <NoTasks />}
        <HistoryPanel />
        <TypesTable />
        <WorkersTable />
      </div>
    </>
  );
}

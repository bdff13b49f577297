import { useQuery } from '@tanstack/react-query';
import type { CSSProperties } from 'react';
import { Link } from 'wouter';
import type { DueStats, QueueStats, TaskStatus } from '../../client/index.js';
import { hasLiveWorker } from '../api/client.js';
import { dueQuery, statsQuery, typesQuery, workersQuery } from '../api/queries.js';
import { formatCount, formatDuration } from '../components/format.js';
import { NoTasks } from '../components/no-tasks.js';
import { ErrorNote, Loading } from '../components/placeholders.js';
import { PageHeading } from '../shell/page-heading.js';
import { HistoryPanel } from './history-panel.js';
import { TypesTable } from './types-table.js';
import { WorkersTable } from './workers-table.js';

/** Everything above a list appears together, so that nothing moves while it is read. */
const useIsReading = (): boolean =>
  [useQuery(statsQuery), useQuery(typesQuery), useQuery(workersQuery)].some(({ isPending }) => isPending);

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
        {error && !data && <ErrorNote title="Could not load the counts" error={error} onRetry={refetch} />}
        {!isReading && (
          <>
            <NoWorkerNotice />
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

/** Most types listed. */
const NAMED = 8;

/** Warns of queued tasks without a live worker. */
export function NoWorkerNotice() {
  const { data: types } = useQuery(typesQuery);
  const { data: workers } = useQuery(workersQuery);
  if (!types || !workers) return null;
  const waiting = types.filter(({ type, queuedTasks }) => queuedTasks > 0 && !hasLiveWorker(type, workers));
  if (waiting.length === 0) return null;
  const count = waiting.reduce((sum, { queuedTasks }) => sum + queuedTasks, 0);
  return (
    <div className="notice" role="status">
      <strong>
        {count === 1 ? '1 queued task has' : `${formatCount(count)} queued tasks have`} a type that no live
        worker serves
      </strong>
      <p>
        {waiting.slice(0, NAMED).map(({ type, queuedTasks }, index) => (
          <span key={type}>
            {index > 0 && ', '}
            <Link href={`/tasks?${new URLSearchParams({ type, status: 'queued' })}`}>{type}</Link> (
            {formatCount(queuedTasks)})
          </span>
        ))}
        {waiting.length > NAMED && ` and ${waiting.length - NAMED} more`}. They stay queued until a worker
        with a matching handler starts.
      </p>
    </div>
  );
}

interface FigureProps {
  name: string;
  status?: TaskStatus;
  children: string | undefined;
}

/** A count, linked to its tasks. */
function Figure({ name, status, children: text = '–' }: FigureProps) {
  return (
    <Link className="figure" href={status ? `/tasks?status=${status}` : '/tasks'} data-status={status}>
      <span className="figure-name">{name}</span>
      <span className="figure-value number" style={{ '--length': text.length } as CSSProperties}>
        {text}
      </span>
    </Link>
  );
}

const count = (stats: QueueStats | undefined, of: keyof QueueStats): string | undefined => {
  const value = stats?.[of];
  return value === undefined || value === null ? undefined : formatCount(value);
};

function oldestAge(due: DueStats | undefined): string | undefined {
  const age = due?.oldestDueAgeSeconds;
  if (age === undefined) return undefined;
  return age === null ? 'none' : formatDuration(Math.floor(age));
}

export function Counts() {
  const { data } = useQuery(statsQuery);
  const { data: due } = useQuery(dueQuery);
  return (
    <section className="figures" aria-label="Tasks by status" aria-busy={!data}>
      <Figure name="Queued" status="queued">
        {count(data, 'queuedTasks')}
      </Figure>
      <Figure name="Processing" status="processing">
        {count(data, 'processingTasks')}
      </Figure>
      <Figure name="Completed" status="completed">
        {count(data, 'completedTasks')}
      </Figure>
      <Figure name="Failed" status="failed">
        {count(data, 'failedTasks')}
      </Figure>
      <Figure name="Total">{count(data, 'totalTasks')}</Figure>
      <Figure name="Oldest due" status="queued">
        {oldestAge(due)}
      </Figure>
    </section>
  );
}

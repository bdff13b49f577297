import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import { ApiError } from '../../client/index.js';
import type { Task as TaskState } from '../api/client.js';
import { taskQuery } from '../api/queries.js';
import { BASE } from '../base.js';
import { ErrorNote, HiddenValue, Loading } from '../components/placeholders.js';
import { StatusBadge } from '../components/task-status.js';
import { CopyLine, JsonView } from '../components/text.js';
import { usePermissions } from '../session/session.js';
import { PageHeading } from '../shell/page-heading.js';
import { Actions } from './actions.js';
import { Facts, Outcome } from './facts.js';
import { Attempts, Timeline } from './history.js';
import { entriesOf, Log, useTaskLog } from './log.js';
import { Waiting } from './waiting.js';

/** For a shell: sends a key from a variable. */
const KEY_HEADER = '-H "Authorization: Bearer $SPOOLITE_KEY" ';

/** The queue moves without a change of the task: poll interval of its position, in milliseconds. */
const POSITION_MS = 5_000;

/** A displayed task may vanish: finished ones are deleted after some days. */
const isGone = (error: Error | null): boolean => error instanceof ApiError && error.code === 'TASK_NOT_FOUND';

function Unknown({ id, error, onRetry }: { id: number; error: Error; onRetry(): void }) {
  if (!isGone(error))
    return <ErrorNote title={`Could not load task ${id}`} error={error} onRetry={onRetry} />;
  return (
    <div className="panel empty">
      <p>Task {id} not found. It may have been deleted: finished tasks are kept for a limited time.</p>
      <Link href="/tasks" className="button">
        All tasks
      </Link>
    </div>
  );
}

function Details({ task }: { task: TaskState }) {
  const { seesPayloads, keyRequired } = usePermissions();
  const log = useTaskLog(task, null);
  // Timeline and attempts come from the log; shown later, they would push down what is being read.
  if (log.isPending) return <Loading />;
  const entries = entriesOf(log.data);
  return (
    <div className="panels">
      {task.status === 'queued' && <Waiting task={task} />}
      <Outcome task={task} />
      <section className="panel">
        <Facts task={task} />
      </section>
      <div className="task-columns">
        <Timeline task={task} entries={entries} />
        <section className="panel">
          <h2 className="panel-head">Payload</h2>
          {seesPayloads ? <JsonView value={task.payload} label="Payload" /> : <HiddenValue />}
        </section>
      </div>
      <Attempts entries={entries} />
      <Log task={task} />
      <section className="panel">
        <h2 className="panel-head">Poll from a terminal</h2>
        <CopyLine
          text={`curl -s ${keyRequired ? KEY_HEADER : ''}'${location.origin}${BASE}/api/queue/tasks/${task.taskId}?wait=30'`}
          label="the curl command"
        />
      </section>
    </div>
  );
}

/** One task: its state, its outcome and its actions. */
export function TaskScreen() {
  const id = Number(useParams<{ id: string }>().id);
  const {
    data: known,
    error,
    refetch,
  } = useQuery({
    ...taskQuery(id),
    refetchInterval: ({ state }) => (state.data?.status === 'queued' ? POSITION_MS : false),
  });
  const data = isGone(error) ? undefined : known;
  return (
    <>
      <div className="page-head">
        <PageHeading title={data ? `#${id} ${data.status}` : `#${id}`}>
          <span className="task-number">#{id}</span> {data?.type}{' '}
          {data && <StatusBadge status={data.status} failureReason={data.failureReason} />}
        </PageHeading>
        {data && <Actions task={data} />}
      </div>
      {error && !data && <Unknown id={id} error={error} onRetry={refetch} />}
      {data && <Details task={data} />}
      {!data && !error && <Loading />}
    </>
  );
}

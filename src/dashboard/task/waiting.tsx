import { useQuery } from '@tanstack/react-query';
import type { WorkerState } from '../../client/index.js';
import { obstacleTo, servesType } from '../../core/workers.js';
import type { Task } from '../api/client.js';
import { workersQuery } from '../api/queries.js';
import { Ago } from '../components/ago.js';
import { formatCount, formatTime } from '../components/format.js';

/** The server counts the tasks ahead up to this number. */
const COUNTED = 1_000;

function NotDue({ task }: { task: Task }) {
  const why =
    task.attempts > 0 && task.errorMessage
      ? `Attempt ${task.attempts} of ${task.maxAttempts} failed. The next attempt is due`
      : 'Scheduled to run';
  return (
    <p>
      {why} <Ago instant={task.runAfter} /> ({formatTime(task.runAfter)}).
    </p>
  );
}

/** A sentence on the live workers for this task. */
function workersSentence(task: Task, live: readonly WorkerState[]): string {
  const { type } = task;
  const obstacle = obstacleTo(task, live);
  if (obstacle === 'type')
    return `No live worker serves the type “${type}”. The task waits until a worker with a handler for it starts.`;
  if (obstacle === 'requirements')
    return `No live worker that serves the type “${type}” meets the task's requirements. The task waits until one starts.`;
  const serving = live.filter((worker) => obstacleTo(task, [worker]) === null);
  const isFree = serving.some(({ heldTaskIds, slots }) => heldTaskIds.length < slots);
  const subject = serving.length === 1 ? 'One live worker serves' : `${serving.length} live workers serve`;
  return `${subject} the type “${type}”${isFree ? '.' : ', but all slots are in use.'}`;
}

function positionSentence(position: number): string {
  if (position === 0) return 'It is next in line.';
  if (position >= COUNTED) return `${formatCount(COUNTED)} or more tasks are ahead of it.`;
  return position === 1 ? '1 task is ahead of it.' : `${formatCount(position)} tasks are ahead of it.`;
}

function Requirements({ task, live }: { task: Task; live: readonly WorkerState[] }) {
  if (Object.keys(task.compatibility).length === 0) return null;
  const serving = live.filter((worker) => servesType(worker, task.type));
  return (
    <>
      <p>
        The task requires <code>{JSON.stringify(task.compatibility)}</code>.
      </p>
      {serving.map(({ workerId, capabilities }) => (
        <p key={workerId} className="small">
          {workerId} has <code>{JSON.stringify(capabilities)}</code>.
        </p>
      ))}
    </>
  );
}

/** Why a queued task does not run yet. */
export function Waiting({ task }: { task: Task }) {
  const { data: workers } = useQuery(workersQuery);
  const isDue = task.runAfter.getTime() <= Date.now();
  const live = workers?.filter((worker) => worker.live);
  const mayRun = isDue && live !== undefined && obstacleTo(task, live) === null;
  return (
    <section className="notice plain" aria-labelledby="waiting">
      <strong id="waiting">Why it is waiting</strong>
      {!isDue && <NotDue task={task} />}
      {live && <p>{workersSentence(task, live)}</p>}
      {live && <Requirements task={task} live={live} />}
      {mayRun && task.queuePosition !== undefined && <p>{positionSentence(task.queuePosition)}</p>}
      {mayRun && task.estimatedStart && (
        <p>
          Estimated start: <Ago instant={task.estimatedStart} />.
        </p>
      )}
    </section>
  );
}

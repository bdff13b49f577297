import type { LogEntry, TaskStatus } from '../../client/index.js';
import type { Task } from '../api/task.js';
import { formatTime } from '../components/format-instant.js';
import { type TransitionKind, transitionIn } from './transition.js';

/** Into which status a transition leads. */
const LEADS_TO: Record<TransitionKind, TaskStatus> = {
  claimed: 'processing',
  completed: 'completed',
  willBeRetried: 'queued',
  failed: 'failed',
  timedOut: 'failed',
  expired: 'queued',
  released: 'queued',
  cancelled: 'failed',
  queuedAgain: 'queued',
};

interface Step {
  key: string;
  at: Date;
  status: TaskStatus;
  text: string;
}

function stepsOf(task: Task, entries: readonly LogEntry[]): Step[] {
  const transitions = entries.flatMap(({ logId, at, message, attempt }): Step[] => {
    const kind = transitionIn(message)?.kind;
    if (!kind) return [];
    const text = kind === 'claimed' ? `Attempt ${attempt}: ${message}` : message;
    return [{ key: `${logId}`, at, status: LEADS_TO[kind], text }];
  });
  return [{ key: 'enqueued', at: task.createdAt, status: 'queued', text: 'Enqueued' }, ...transitions];
}

/** The transitions of a task, oldest first. */
export function Timeline({ task, entries }: { task: Task; entries: readonly LogEntry[] }) {
  const steps = stepsOf(task, entries);
  // An expired lease is the end where no attempts are left.
  const last = steps.at(-1);
  if (last && task.done) last.status = task.status;
  return (
    <section className="panel">
      <h2 className="panel-head">Timeline</h2>
      <ol className="timeline">
        {steps.map(({ key, at, status, text }) => (
          <li key={key} data-status={status}>
            <time className="quiet small number" dateTime={at.toISOString()}>
              {formatTime(at)}
            </time>
            <span className="broad">{text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

import type { LogEntry, TaskStatus } from '../../client/index.js';
import type { Task } from '../api/client.js';
import { formatDuration, formatTime } from '../components/format.js';
import { attemptsIn, type LoggedAttempt, type TransitionKind, transitionIn } from './read-log.js';

/** The status after a transition. */
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
  // An expired lease is the end if no attempts are left.
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

const OUTCOMES: Record<NonNullable<LoggedAttempt['outcome']>, string> = {
  completed: 'completed',
  willBeRetried: 'failed, will be retried',
  failed: 'failed',
  timedOut: 'timed out',
  expired: 'lease expired',
  released: 'released, not counted',
  cancelled: 'cancelled',
};

function Row({ attempt }: { attempt: LoggedAttempt }) {
  const { number, worker, began, ended, outcome, error } = attempt;
  const took = ended && (ended.getTime() - began.getTime()) / 1000;
  return (
    <tr>
      <td>{number}</td>
      <td className="broad">{worker}</td>
      <td className="wide-only">{formatTime(began)}</td>
      <td className="right">{took === null ? '–' : formatDuration(took)}</td>
      <td className="broad">
        {outcome === null ? 'running' : OUTCOMES[outcome]}
        {error && <div className="quiet small broad">{error}</div>}
      </td>
    </tr>
  );
}

/** The attempts of a task, with their outcomes. */
export function Attempts({ entries }: { entries: readonly LogEntry[] }) {
  const attempts = attemptsIn(entries);
  if (attempts.length === 0) return null;
  return (
    <section className="panel">
      <h2 className="panel-head">Attempts</h2>
      <table className="table">
        <thead>
          <tr>
            <th>
              <abbr title="Number">#</abbr>
            </th>
            <th>Worker</th>
            <th className="wide-only">Started</th>
            <th className="right">Duration</th>
            <th>Outcome</th>
          </tr>
        </thead>
        <tbody>
          {attempts.map((attempt) => (
            <Row key={attempt.logId} attempt={attempt} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

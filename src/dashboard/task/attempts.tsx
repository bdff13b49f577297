import type { LogEntry } from '../../client/index.js';
import { formatDuration } from '../components/format-duration.js';
import { formatTime } from '../components/format-instant.js';
import { type Attempt, attemptsIn } from './attempts-in.js';

const OUTCOMES: Record<NonNullable<Attempt['outcome']>, string> = {
  completed: 'completed',
  willBeRetried: 'failed, to be tried again',
  failed: 'failed',
  timedOut: 'timed out',
  expired: 'lease expired',
  released: 'released, not counted',
  cancelled: 'cancelled',
};

function Row({ attempt }: { attempt: Attempt }) {
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

/** Every execution of a task, and how it ended. */
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
            <th className="wide-only">Began</th>
            <th className="right">Took</th>
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

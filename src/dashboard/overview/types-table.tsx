import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { TaskStatus, TypeStats } from '../../client/index.js';
import { typesQuery } from '../api/queries.js';
import { formatCount, formatDuration } from '../components/format.js';
import { ErrorNote } from '../components/placeholders.js';
import { Breakable } from '../components/text.js';

/** Rows shown at first. */
const SHOWN = 10;

/** Types with waiting or running tasks first; then by name. */
const byActivity = (a: TypeStats, b: TypeStats): number =>
  b.queuedTasks + b.processingTasks - (a.queuedTasks + a.processingTasks) || a.type.localeCompare(b.type);

function Count({ type, status, count }: { type: string; status: TaskStatus; count: number }) {
  if (count === 0) return <td className="right zero">0</td>;
  return (
    <td className="right">
      <Link href={`/tasks?${new URLSearchParams({ type, status })}`}>{formatCount(count)}</Link>
    </td>
  );
}

const typical = (seconds: number | null): string => (seconds === null ? '–' : formatDuration(seconds));

function Row({ stats }: { stats: TypeStats }) {
  const { type } = stats;
  return (
    <tr>
      <td className="broad">
        <Link href={`/tasks?${new URLSearchParams({ type })}`}>
          <Breakable text={type} />
        </Link>
      </td>
      <Count type={type} status="queued" count={stats.queuedTasks} />
      <Count type={type} status="processing" count={stats.processingTasks} />
      <Count type={type} status="completed" count={stats.completedTasks} />
      <Count type={type} status="failed" count={stats.failedTasks} />
      <td className="right wide-only">{typical(stats.usualWaitSeconds)}</td>
      <td className="right wide-only">{typical(stats.usualRunSeconds)}</td>
    </tr>
  );
}

/** The counts by task type. */
export function TypesTable() {
  const { data, error, refetch } = useQuery(typesQuery);
  const [isWhole, setWhole] = useState(false);
  if (error && !data) return <ErrorNote title="Could not load the types" error={error} onRetry={refetch} />;
  if (!data || data.length === 0) return null;
  const sorted = data.toSorted(byActivity);
  const shown = isWhole ? sorted : sorted.slice(0, SHOWN);
  return (
    <section className="panel">
      <h2 className="panel-head">Types</h2>
      <table className="table types">
        <thead>
          <tr>
            <th>Type</th>
            <th className="right">Queued</th>
            <th className="right">Processing</th>
            <th className="right">Completed</th>
            <th className="right">Failed</th>
            <th className="right wide-only">Typical wait</th>
            <th className="right wide-only">Typical run</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((stats) => (
            <Row key={stats.type} stats={stats} />
          ))}
        </tbody>
      </table>
      {shown.length < sorted.length && (
        <button type="button" className="button small-button" onClick={() => setWhole(true)}>
          Show all {sorted.length} types
        </button>
      )}
    </section>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { isServed } from '../../client/is-served.js';
import { typesQuery, workersQuery } from '../api/queries.js';
import { formatCount } from '../components/format-count.js';

/** Most types that are named. */
const NAMED = 8;

/** Says that tasks wait which nobody will run. */
export function UnservedNotice() {
  const { data: types } = useQuery(typesQuery);
  const { data: workers } = useQuery(workersQuery);
  if (!types || !workers) return null;
  const waiting = types.filter(({ type, queuedTasks }) => queuedTasks > 0 && !isServed(type, workers));
  if (waiting.length === 0) return null;
  const count = waiting.reduce((sum, { queuedTasks }) => sum + queuedTasks, 0);
  return (
    <div className="notice" role="status">
      <strong>
        {count === 1 ? 'A task waits' : `${formatCount(count)} tasks wait`} for a type that no live worker
        serves
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
        starts that has a handler for it.
      </p>
    </div>
  );
}

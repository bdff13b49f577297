import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { workersQuery } from '../api/queries.js';
import { BASE } from '../base.js';
import { useAccess } from '../session/use-session.js';
import { CopyLine } from './copy-line.js';

/** For a shell: enqueues a task of the type. */
function curlLine(type: string, keyRequired: boolean): string {
  const body = JSON.stringify({ type }).replaceAll("'", "'\\''");
  const key = keyRequired ? ' -H "Authorization: Bearer $SPOOLITE_KEY"' : '';
  return `curl -s ${location.origin}${BASE}/api/queue/enqueue${key} -H 'Content-Type: application/json' -d '${body}'`;
}

/** A type that a live worker serves, so that the first task of all is also run. */
function useServedType(): string {
  const { data: workers = [] } = useQuery(workersQuery);
  return workers.find(({ live }) => live)?.types?.[0] ?? 'hello';
}

/** What an empty queue shows: how it gets its first task. */
export function NoTasks() {
  const { may, keyRequired } = useAccess();
  const type = useServedType();
  return (
    <div className="panel empty">
      <h2>No tasks yet</h2>
      <p className="quiet">Enqueue the first one from a terminal{may('enqueue') ? ', or here' : ''}:</p>
      <CopyLine text={curlLine(type, keyRequired)} label="the curl line" />
      {may('enqueue') && (
        <Link href="/new" className="button primary">
          New task
        </Link>
      )}
    </div>
  );
}

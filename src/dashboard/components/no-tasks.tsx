import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { workersQuery } from '../api/queries.js';
import { BASE } from '../base.js';
import { usePermissions } from '../session/session.js';
import { CopyLine } from './text.js';

/** A shell command that enqueues a task of the type. */
function curlLine(type: string, keyRequired: boolean): string {
  const body = JSON.stringify({ type }).replaceAll("'", "'\\''");
  const key = keyRequired ? ' -H "Authorization: Bearer $SPOOLITE_KEY"' : '';
  return `curl -s ${location.origin}${BASE}/api/queue/enqueue${key} -H 'Content-Type: application/json' -d '${body}'`;
}

/** A type with a live worker, so that the first task also runs. */
function useServedType(): string {
  const { data: workers = [] } = useQuery(workersQuery);
  return workers.find(({ live }) => live)?.types?.[0] ?? 'hello';
}

/** Shown in an empty queue: how to enqueue the first task. */
export function NoTasks() {
  const { may, keyRequired } = usePermissions();
  const type = useServedType();
  return (
    <div className="panel empty">
      <h2>No tasks yet</h2>
      <p className="quiet">Enqueue the first one from a terminal{may('enqueue') ? ', or here' : ''}:</p>
      <CopyLine text={curlLine(type, keyRequired)} label="the curl command" />
      {may('enqueue') && (
        <Link href="/new" className="button primary">
          New task
        </Link>
      )}
    </div>
  );
}

interface NoMatchProps {
  /** True if a filter is active. */
  isNarrowed: boolean;
  onShowAll(): void;
}

/** Shown in place of an empty list. */
export function NoMatch({ isNarrowed, onShowAll }: NoMatchProps) {
  if (!isNarrowed) return <NoTasks />;
  return (
    <div className="panel empty">
      <h2>No task matches</h2>
      <p className="quiet">Type and key must match exactly, including case.</p>
      <button type="button" className="button" onClick={onShowAll}>
        Show all tasks
      </button>
    </div>
  );
}

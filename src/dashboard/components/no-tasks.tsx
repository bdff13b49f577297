import { Link } from 'wouter';
import { CopyLine } from './copy-line.js';

/** A line for a shell that enqueues a task that the example handlers know. */
const curlLine = (): string =>
  `curl -s ${location.origin}/api/queue/enqueue -H 'Content-Type: application/json' -d '{"type":"countdown"}'`;

/** What an empty queue shows: how it gets its first task. */
export function NoTasks() {
  return (
    <div className="panel empty">
      <h2>No tasks yet</h2>
      <p className="quiet">Enqueue the first one from a terminal, or here:</p>
      <CopyLine text={curlLine()} label="the curl line" />
      <Link href="/new" className="button primary">
        New task
      </Link>
    </div>
  );
}

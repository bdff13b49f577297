import type { ChalkInstance } from 'chalk';
import type { Task } from '../../domain/task.js';

const COLOURS = { queued: 'yellow', processing: 'cyan', completed: 'green', failed: 'red' } as const;

/** The status of a task, and why it has failed. */
export function paintedStatus({ status, failureReason }: Task, paint: ChalkInstance): string {
  const text = failureReason === null || failureReason === 'error' ? status : `${status} (${failureReason})`;
  return paint[COLOURS[status]](text);
}

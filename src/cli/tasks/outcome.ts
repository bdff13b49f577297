import type { Task } from '../../domain/task.js';
import { EXIT } from './exit-codes.js';

/** The exit code that tells how a finished task ended. */
export function outcome({ status, failureReason }: Task): number {
  if (status === 'completed') return EXIT.ok;
  return failureReason === 'cancelled' ? EXIT.cancelled : EXIT.failed;
}

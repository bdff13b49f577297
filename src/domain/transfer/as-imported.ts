import { LOGGED_AS } from '../transition-log.js';
import type { TransferLogEntry, TransferTask } from './transfer-task.js';

const withEntry = (
  task: TransferTask,
  entry: Omit<TransferLogEntry, 'details' | 'attempt'>,
): TransferTask => ({
  ...task,
  log: [...(task.log ?? []), { ...entry, details: null, attempt: task.attempts }],
});

const WAITS_AGAIN = {
  status: 'queued',
  progress: null,
  progressMessage: null,
  processingStartedAt: null,
  lockedBy: null,
} as const;

/**
 * A task as it goes on in another database, at an instant (milliseconds since 1970 UTC). Nobody there runs it, whatever its
 * status says: it is treated as if its worker had died, and runs again, or has failed when that was its last attempt.
 */
export function asImported(task: TransferTask, now: number): TransferTask {
  if (task.status !== 'processing') return task;
  const message = `${LOGGED_AS.expired}worker ${task.lockedBy} runs it elsewhere`;
  const ended = withEntry(
    { ...task, updatedAt: now, errorMessage: message },
    { at: now, level: 'error', message },
  );
  return task.attempts < task.maxAttempts
    ? { ...ended, ...WAITS_AGAIN }
    : { ...ended, status: 'failed', failureReason: 'lease_expired', finishedAt: now };
}

import { expiredFailure } from '../../core/leases.js';
import { decideFailure } from '../../core/retry.js';
import { isFinished, type StoredFields } from '../../core/task.js';
import { LOGGED_AS, type LogLevel } from '../../core/task-log.js';

/** A log entry for transfer to another database. Instants are milliseconds since 1970 UTC. */
export interface TransferLogEntry {
  at: number;
  level: LogLevel;
  message: string;
  /** JSON text, or null. */
  details: string | null;
  attempt: number;
}

/**
 * A task for transfer to another database, without its lease and its revision, which mean nothing there. Instants are
 * milliseconds since 1970 UTC, JSON is text.
 */
export interface TransferTask extends StoredFields<'transfer'> {
  /** Oldest first; null without logs. */
  log: TransferLogEntry[] | null;
}

/** The header of a file of tasks. */
export interface TransferHeader {
  /** The highest id that the queue has used, even for tasks not in the file. */
  lastId: number;
  /** Whether tasks include their logs. */
  hasLogs: boolean;
}

/** An error in a line of a file of tasks; the caller adds the line number. */
export class LineProblem extends Error {
  override readonly name = 'LineProblem';
}

/** Rules between the fields of a task, which the database enforces too. */
const RULES: readonly [says: string, holds: (task: TransferTask) => boolean][] = [
  ['attempts must not be above max_attempts', ({ attempts, maxAttempts }) => attempts <= maxAttempts],
  [
    'a queued task must have attempts left',
    ({ status, attempts, maxAttempts }) => status !== 'queued' || attempts < maxAttempts,
  ],
  [
    'finished_at_utc must be present if the task is finished, and only then',
    ({ status, finishedAt }) => isFinished(status) === (finishedAt !== null),
  ],
  [
    'failure_reason must be present if the task has failed, and only then',
    ({ status, failureReason }) => (status === 'failed') === (failureReason !== null),
  ],
  [
    'a task that is processing must have locked_by',
    ({ status, lockedBy }) => status !== 'processing' || lockedBy !== null,
  ],
  [
    'idempotency_key and request_digest must be both present or both absent',
    ({ idempotencyKey, requestDigest }) => (idempotencyKey === null) === (requestDigest === null),
  ],
];

/** Throws {@link LineProblem} if a task contradicts itself. */
export function assertConsistent(task: TransferTask): void {
  const broken = RULES.find(([, holds]) => !holds(task));
  if (broken) throw new LineProblem(broken[0]);
}

const withEntry = (
  task: TransferTask,
  entry: Omit<TransferLogEntry, 'details' | 'attempt'>,
): TransferTask => ({
  ...task,
  log: [...(task.log ?? []), { ...entry, details: null, attempt: task.attempts }],
});

const QUEUED_AGAIN = {
  status: 'queued',
  progress: null,
  progressMessage: null,
  processingStartedAt: null,
  lockedBy: null,
} as const;

/**
 * A task for its new database, at an instant (milliseconds since 1970 UTC). One that is processing is treated as if its
 * worker had died: it runs again, or fails if that was its last attempt.
 */
export function asImported(task: TransferTask, now: number): TransferTask {
  if (task.status !== 'processing') return task;
  const message = `${LOGGED_AS.expired}worker ${task.lockedBy} runs it elsewhere`;
  const ended = withEntry(
    { ...task, updatedAt: now, errorMessage: message },
    { at: now, level: 'error', message },
  );
  const outcome = decideFailure(task, expiredFailure(task.lockedBy));
  return outcome.status === 'queued'
    ? { ...ended, ...QUEUED_AGAIN }
    : { ...ended, ...outcome, finishedAt: now };
}

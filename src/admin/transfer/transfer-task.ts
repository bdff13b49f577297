import { isFinished, type StoredFields } from '../../core/task.js';
import { LOGGED_AS, type LogLevel } from '../../core/task-log.js';

/** A log entry as it goes from one database to another. Instants are milliseconds since 1970 UTC. */
export interface TransferLogEntry {
  at: number;
  level: LogLevel;
  message: string;
  /** JSON text, or null. */
  details: string | null;
  attempt: number;
}

/**
 * A task as it goes from one database to another: all of it but its lease and its revision, which mean nothing elsewhere.
 * Instants are milliseconds since 1970 UTC, JSON is text.
 */
export interface TransferTask extends StoredFields<'transfer'> {
  /** Oldest first; null where logs are left out. */
  log: TransferLogEntry[] | null;
}

/** What a file of tasks begins with. */
export interface TransferHeader {
  /** The highest id that the queue had given out, also to tasks that are not in the file. */
  lastId: number;
  /** Whether tasks come with their logs. */
  hasLogs: boolean;
}

/** What is wrong with a line of a file of tasks; whoever knows which line adds its number. */
export class LineProblem extends Error {
  override readonly name = 'LineProblem';
}

/** What holds between the fields of every task, as the database demands it too. */
const RULES: readonly [says: string, holds: (task: TransferTask) => boolean][] = [
  ['attempts must not be above max_attempts', ({ attempts, maxAttempts }) => attempts <= maxAttempts],
  [
    'a queued task must have attempts left',
    ({ status, attempts, maxAttempts }) => status !== 'queued' || attempts < maxAttempts,
  ],
  [
    'finished_at_utc must be there when the task is finished, and only then',
    ({ status, finishedAt }) => isFinished(status) === (finishedAt !== null),
  ],
  [
    'failure_reason must be there when the task has failed, and only then',
    ({ status, failureReason }) => (status === 'failed') === (failureReason !== null),
  ],
  [
    'a task that is processing must say by whom it is locked',
    ({ status, lockedBy }) => status !== 'processing' || lockedBy !== null,
  ],
  [
    'idempotency_key and request_digest must be there both or neither',
    ({ idempotencyKey, requestDigest }) => (idempotencyKey === null) === (requestDigest === null),
  ],
];

/** Throws {@link LineProblem} where a task contradicts itself. */
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
    ? { ...ended, ...QUEUED_AGAIN }
    : { ...ended, status: 'failed', failureReason: 'lease_expired', finishedAt: now };
}

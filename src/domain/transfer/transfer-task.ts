import type { LogLevel } from '../log-level.js';
import type { FailureReason, TaskStatus } from '../task-status.js';

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
export interface TransferTask {
  id: number;
  type: string;
  status: TaskStatus;
  priority: number;
  attempts: number;
  maxAttempts: number;
  payload: string;
  compatibility: string;
  progress: number | null;
  progressMessage: string | null;
  result: string | null;
  errorMessage: string | null;
  failureReason: FailureReason | null;
  createdAt: number;
  updatedAt: number;
  runAfter: number;
  processingStartedAt: number | null;
  finishedAt: number | null;
  lockedBy: string | null;
  idempotencyKey: string | null;
  requestDigest: string | null;
  traceparent: string | null;
  settledToken: string | null;
  settledAs: 'complete' | 'fail' | 'release' | null;
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

import type { LogLevel } from '../log-level.js';
import type { StoredTask } from '../stored-task.js';

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
export interface TransferTask extends Omit<StoredTask, 'leaseUntil' | 'revision'> {
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

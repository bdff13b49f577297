import type { Actor } from '../core/access.js';
import type { LogLevel } from '../core/task-log.js';
import type { Lease } from './lease-repository.js';

export interface LogEntry {
  level: LogLevel;
  message: string;
  /** JSON text, or null. */
  details: string | null;
}

export interface StoredLogEntry extends LogEntry {
  id: number;
  taskId: number;
  at: number;
  attempt: number;
}

export interface LogQuery {
  taskId: number;
  level?: LogLevel;
  limit: number;
  /** Only entries after this one. */
  afterId?: number;
}

export interface LogPage {
  entries: StoredLogEntry[];
  /** The entry after which to continue; null at the end. A page with much text may hold less than its limit. */
  nextAfterId: number | null;
}

/** A task's log: its transitions and its handlers' entries. */
export interface LogRepository {
  /** Oldest first. Throws TASK_NOT_FOUND. */
  list(query: LogQuery): Promise<LogPage>;
  /** Throws LEASE_LOST if the lease is no longer held. */
  append(lease: Lease, entries: readonly LogEntry[], actor?: Actor): Promise<void>;
}

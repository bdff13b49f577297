import type { Actor } from '../core/access.js';

/** One entry of the audit log. */
export interface AuditEntry extends Actor {
  id: number;
  /** Milliseconds since 1970 UTC. */
  at: number;
  /** The requested action, such as `enqueue`. */
  action: string;
  /** Null if it is not about one task. */
  taskId: number | null;
  /** The outcome, in a word or two. */
  outcome: string;
  /** JSON text of an object, or null. */
  details: string | null;
}

export interface AuditQuery {
  taskId?: number;
  /** The name of a key. */
  actor?: string;
  action?: string;
  limit: number;
  /** Only older entries than this one. */
  beforeId?: number;
}

export interface AuditPage {
  entries: AuditEntry[];
  /**
   * The cursor of the next page; null at the end. A page may hold less than its limit, even nothing, and not be the
   * last.
   */
  nextBeforeId: number | null;
}

/** The audit log of changes made through the API or a command. Read-only. */
export interface AuditLogRepository {
  /** Newest first. */
  list(query: AuditQuery): Promise<AuditPage>;
}

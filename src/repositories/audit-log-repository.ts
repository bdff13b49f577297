import type { Actor } from '../core/access.js';

/** One line of the audit log: who changed what. */
export interface AuditEntry extends Actor {
  id: number;
  /** Milliseconds since 1970 UTC. */
  at: number;
  /** What was asked for, such as `enqueue`. */
  action: string;
  /** Null where it is not about one task. */
  taskId: number | null;
  /** What came of it, in a word or two. */
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
  /** From where to go on; null at the end. A page may hold less than its limit, even nothing, and not be the last. */
  nextBeforeId: number | null;
}

/** Who changed what through the API or a command. Nothing here changes it. */
export interface AuditLogRepository {
  /** Newest first. */
  list(query: AuditQuery): Promise<AuditPage>;
}

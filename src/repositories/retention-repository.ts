/** How long finished tasks are kept, in milliseconds since they finished; null is for ever. */
export interface Retention {
  completedMs: number | null;
  failedMs: number | null;
}

export interface RetentionRepository {
  /** Deletes up to `limit` finished tasks, with their logs, that are kept no longer; returns how many. */
  prune(retention: Retention, limit: number): Promise<number>;
}

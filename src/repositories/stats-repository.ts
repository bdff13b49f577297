/** How the queue stands as a whole. */
export interface QueueStats {
  queued: number;
  processing: number;
  completed: number;
  failed: number;
  /** When the oldest queued task was created, in milliseconds since 1970 UTC. */
  oldestQueuedAt: number | null;
}

export interface StatsRepository {
  /** Exact at every moment, at the same cost for any number of tasks. */
  overview(): Promise<QueueStats>;
}

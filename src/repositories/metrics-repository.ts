import type { CommitSnapshot, DurationKind, HistogramSnapshot, TotalName } from '../core/statistics.js';
import type { TaskStatus } from '../core/task.js';

export type StatusCounts = Record<TaskStatus, number>;

/** What is to be measured of the queue, all of one moment, and the same whichever process is asked. */
export interface QueueMeasurements {
  statuses: StatusCounts;
  /** Of the types with most live tasks. */
  types: (StatusCounts & { type: string })[];
  /** What has happened since the file was made. */
  totals: Record<TotalName, number>;
  /** In milliseconds. */
  durations: Record<DurationKind, HistogramSnapshot>;
  /** When the task fell due that has waited longest, in milliseconds since 1970 UTC; null when none is due. */
  oldestDueAt: number | null;
  /** How many types have due tasks that no live worker takes. */
  unservedTypes: number;
  /** Handlers of live workers that still run although their attempts are over. */
  overdueHandlers: number;
}

/** What is to be measured of the storage; `commits` is what this process has done. */
export interface StorageMeasurements {
  databaseBytes: number;
  /** Of the log that holds the newest writes. */
  walBytes: number;
  /** Null for a database in memory. */
  diskFreeBytes: number | null;
  commits: CommitSnapshot;
}

/** For monitoring. Its cost depends on how many types and lanes there are, not on how many tasks. */
export interface MetricsRepository {
  /** At most so many types are told apart. */
  queue(maxTypes: number): Promise<QueueMeasurements>;
  storage(): Promise<StorageMeasurements>;
}

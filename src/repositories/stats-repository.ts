import type { CommitSnapshot, DurationKind, HistogramSnapshot, TotalName } from '../core/statistics.js';

/** Tasks per status. */
export interface StatusCounts {
  queued: number;
  processing: number;
  completed: number;
  failed: number;
}

/** The state of the whole queue. */
export interface QueueStats extends StatusCounts {
  /** When the oldest queued task was created, in milliseconds since 1970 UTC. */
  oldestQueuedAt: number | null;
}

/** Typical durations of a type's tasks, in milliseconds; null before there was one. */
export interface TypeEstimate {
  /** From due to claimed. */
  waitMs: number | null;
  /** From claimed to completed. */
  runMs: number | null;
}

export interface TypeStats extends StatusCounts, TypeEstimate {
  type: string;
}

/** Counts per bucket of `core/statistics`. */
export type DurationCounts = Map<number, number>;

/** Events in one span of minutes. */
export interface HistorySpan {
  /** First minute, in minutes since 1970 UTC. */
  minute: number;
  enqueued: number;
  started: number;
  completed: number;
  failed: number;
  wait: DurationCounts;
  run: DurationCounts;
}

/** Counts that are always exact, at the same cost for any number of tasks. */
export interface StatsRepository {
  overview(): Promise<QueueStats>;
  /** The due time of the task that has waited longest, in milliseconds since 1970 UTC; null if none is due. */
  oldestDue(): Promise<number | null>;
  /** Types in alphabetical order, after `afterType`. */
  byType(limit: number, afterType?: string): Promise<TypeStats[]>;
  typeEstimate(type: string): Promise<TypeEstimate>;
  /** Spans of `step` minutes from minute `from` (inclusive) to `to` (exclusive), empty ones included. */
  history(from: number, to: number, step: number): Promise<HistorySpan[]>;
  /** Tasks started per second over the last minutes; null if none was. */
  startRate(): Promise<number | null>;
}

/** Measurements of the queue, all of one moment, and the same in every process. */
export interface QueueMeasurements {
  statuses: StatusCounts;
  /** For the types with most live tasks. */
  types: (StatusCounts & { type: string })[];
  /** Events since the file was created. */
  totals: Record<TotalName, number>;
  /** In milliseconds. */
  durations: Record<DurationKind, HistogramSnapshot>;
  /** The due time of the task that has waited longest, in milliseconds since 1970 UTC; null if none is due. */
  oldestDueAt: number | null;
  /** Number of types with due tasks that no live worker takes. */
  typesWithoutWorker: number;
  /** Handlers of live workers that still run although their attempts have ended. */
  overdueHandlers: number;
}

/** Measurements of the storage; `commits` are this process's own. */
export interface StorageMeasurements {
  databaseBytes: number;
  commits: CommitSnapshot;
  /** Null for an engine without a file of its own. */
  file: FileMeasurements | null;
}

export interface FileMeasurements {
  /** Size of the write-ahead log, which holds the newest writes. */
  walBytes: number;
  /** Null for a database in memory. */
  diskFreeBytes: number | null;
}

/** For monitoring. Its cost depends on the number of types and lanes, not of tasks. */
export interface MetricsRepository {
  /** With at most this many types. */
  queue(maxTypes: number): Promise<QueueMeasurements>;
  storage(): Promise<StorageMeasurements>;
}

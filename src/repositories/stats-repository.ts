import type { CommitSnapshot, DurationKind, HistogramSnapshot, TotalName } from '../core/statistics.js';

/** Tasks per status. */
export interface StatusCounts {
  queued: number;
  processing: number;
  completed: number;
  failed: number;
}

/** How the queue stands as a whole. */
export interface QueueStats extends StatusCounts {
  /** When the oldest queued task was created, in milliseconds since 1970 UTC. */
  oldestQueuedAt: number | null;
}

/** What tasks of a type usually take, in milliseconds; null before there was one. */
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

/** What happened in one span of minutes. */
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

/** Counts that are exact at every moment, at the same cost for any number of tasks. */
export interface StatsRepository {
  overview(): Promise<QueueStats>;
  /** When the task fell due that has waited longest, in milliseconds since 1970 UTC; null when none is due. */
  oldestDue(): Promise<number | null>;
  /** Types in alphabetical order, after `afterType`. */
  byType(limit: number, afterType?: string): Promise<TypeStats[]>;
  typeEstimate(type: string): Promise<TypeEstimate>;
  /** Spans of `step` minutes from minute `from` on, up to but without minute `to`; also those in which nothing happened. */
  history(from: number, to: number, step: number): Promise<HistorySpan[]>;
  /** Tasks started per second over the last minutes; null when none was. */
  startRate(): Promise<number | null>;
}

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
  typesWithoutWorker: number;
  /** Handlers of live workers that still run although their attempts are over. */
  overdueHandlers: number;
}

/** What is to be measured of the storage; `commits` is what this process has done. */
export interface StorageMeasurements {
  databaseBytes: number;
  commits: CommitSnapshot;
  /** Null for an engine that keeps the queue in no file of its own. */
  file: FileMeasurements | null;
}

export interface FileMeasurements {
  /** Of the write-ahead log, which holds the newest writes. */
  walBytes: number;
  /** Null for a database in memory. */
  diskFreeBytes: number | null;
}

/** For monitoring. Its cost depends on how many types and lanes there are, not on how many tasks. */
export interface MetricsRepository {
  /** At most so many types are told apart. */
  queue(maxTypes: number): Promise<QueueMeasurements>;
  storage(): Promise<StorageMeasurements>;
}

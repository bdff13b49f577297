import type { FinishedStatus, LiveStatus, RetentionRule } from '../core/maintenance.js';

/** A position in a sweep over tasks: those of one instant are in the order of their ids. */
export interface SweepCursor {
  at: number;
  id: number;
}

/** The outcome of one step of a sweep. */
export interface SweepStep {
  /** Number of deleted tasks or log entries. */
  deleted: number;
  /** Where to continue. */
  cursor: SweepCursor;
  /** The sweep has reached tasks that are still kept, or the last task. */
  isEnd: boolean;
}

/** One step: its rule, its start, and how many tasks it looks at. */
export interface SweepQuery<Status> {
  status: Status;
  rule: RetentionRule;
  after: SweepCursor;
  limit: number;
}

/**
 * Deletes what is no longer kept. Each call is one small transaction; a sweep continues where the last step ended, so
 * that kept tasks are not looked at again and again.
 */
export interface RetentionRepository {
  /** Finished tasks, with their logs, in the order of their ends. */
  pruneTasks(walk: SweepQuery<FinishedStatus>): Promise<SweepStep>;
  /** Logs of tasks that ended before the rule's limit, in that order. */
  pruneLogsOfFinished(walk: SweepQuery<FinishedStatus>): Promise<SweepStep>;
  /** Older log entries of live tasks, in the order of the tasks' ids. */
  pruneLogsOfLive(walk: SweepQuery<LiveStatus>): Promise<SweepStep>;
  /** Entries of the audit log, oldest first; returns how many. */
  pruneAudit(keptMs: number, limit: number): Promise<number>;
  /** Counts per minute, and empty lanes. */
  pruneCounts(): Promise<void>;
  /** Returns a little free space to the disk; resolves to whether there is more. */
  upkeep(): Promise<boolean>;
}

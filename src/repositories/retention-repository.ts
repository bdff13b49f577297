import type { FinishedStatus, LiveStatus, RetentionRule } from '../core/maintenance.js';

/** A place in a walk over tasks: those of one instant are in the order of their ids. */
export interface SweepCursor {
  at: number;
  id: number;
}

/** What one step of a walk has come to. */
export interface SweepStep {
  /** How much was deleted: tasks, or log entries. */
  deleted: number;
  /** Where to go on. */
  cursor: SweepCursor;
  /** The walk has come to what is still kept, or to the last task. */
  isEnd: boolean;
}

/** One step: under which rule, from where, and how many tasks it looks at. */
export interface SweepQuery<Status> {
  status: Status;
  rule: RetentionRule;
  after: SweepCursor;
  limit: number;
}

/**
 * Deletes what is kept no longer. Each call is one small transaction; a walk goes on from where the last step has ended, so
 * that what it need not delete is not looked at again and again.
 */
export interface RetentionRepository {
  /** Finished tasks, with their logs, in the order of their ends. */
  pruneTasks(walk: SweepQuery<FinishedStatus>): Promise<SweepStep>;
  /** Logs of tasks that ended longer ago than the rule has it, in that order. */
  pruneLogsOfFinished(walk: SweepQuery<FinishedStatus>): Promise<SweepStep>;
  /** Log entries of live tasks that are older, in the order of the tasks' ids. */
  pruneLogsOfLive(walk: SweepQuery<LiveStatus>): Promise<SweepStep>;
  /** Entries of the audit log, oldest first; returns how many. */
  pruneAudit(keptMs: number, limit: number): Promise<number>;
  /** What was counted per minute, and lanes that nothing is left of. */
  pruneCounts(): Promise<void>;
  /** Gives a little free space back to the disk; returns whether there is more to give. */
  upkeep(): Promise<boolean>;
}

import type { StoredTask } from '../core/task.js';

/** The latest change of a task, without the task: what decides whether somebody wants to see it. */
export type Change = Pick<StoredTask, 'id' | 'type' | 'status' | 'revision'>;

export interface ChangeLook {
  /** In order of revision, each task once. */
  changes: Change[];
  /** True when nothing has changed after the last of them. */
  isLast: boolean;
}

export interface ChangedTasks {
  /** In order of revision. Of tasks that have changed again meanwhile nothing: that is a later change. */
  tasks: StoredTask[];
  /** Where there is more text than asked for: the revision of the last task that is answered. Else null. */
  upTo: number | null;
}

/**
 * What has changed, in the order in which it was committed. Commit order is revision order: whoever has seen all
 * changes up to a revision has missed none, whatever process made them. Deleting a task is no change, but takes a revision.
 */
export interface ChangeRepository {
  /** The next changes after a revision. */
  since(after: number, limit: number): Promise<ChangeLook>;
  /** The tasks of these changes, up to so many characters of text, at least one. */
  read(changes: readonly Change[], characters: number): Promise<ChangedTasks>;
  /** Where a reader begins: no change that can be seen now has a higher revision, and every later one will. */
  horizon(): Promise<number>;
  /** Whether a revision was given out already, be it to a change that cannot be seen yet. */
  hasGivenOut(revision: number): Promise<boolean>;
  /** The revision of the last deletion of tasks; 0 before there was one. */
  lastDeletion(): Promise<number>;
  /** Those of these ids that no task has. */
  missing(ids: readonly number[]): Promise<number[]>;
}

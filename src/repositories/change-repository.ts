import type { StoredTask } from '../core/task.js';

/** The latest change of a task, without the task: enough to filter by. */
export type Change = Pick<StoredTask, 'id' | 'type' | 'status' | 'revision'>;

export interface ChangeLook {
  /** In order of revision, each task once. */
  changes: Change[];
  /** True if nothing has changed after the last of them. */
  isLast: boolean;
}

export interface ChangedTasks {
  /** In order of revision. Tasks that have changed again meanwhile are left out: that is a later change. */
  tasks: StoredTask[];
  /** If there is more text than the limit: the revision of the last task returned. Else null. */
  upTo: number | null;
}

/**
 * Changes in the order of their commits. Commit order is revision order: a reader that has seen all changes up to a
 * revision has missed none, whatever process made them. A deletion is not a change, but takes a revision.
 */
export interface ChangeRepository {
  /** The next changes after a revision. */
  since(after: number, limit: number): Promise<ChangeLook>;
  /** The tasks of these changes, up to this many characters of text, at least one. */
  read(changes: readonly Change[], characters: number): Promise<ChangedTasks>;
  /** A safe start for a reader: no change visible now has a higher revision, and every later one will. */
  horizon(): Promise<number>;
  /** Whether a revision was allocated already, even if its change is not visible yet. */
  hasGivenOut(revision: number): Promise<boolean>;
  /** The revision of the last deletion of tasks; 0 before there was one. */
  lastDeletion(): Promise<number>;
  /** Those of these ids that do not exist. */
  missing(ids: readonly number[]): Promise<number[]>;
}

import type { StoredTask } from '../core/task.js';

/** The latest change of a task, without the task: what decides whether somebody wants to see it. */
export type Change = Pick<StoredTask, 'id' | 'type' | 'status' | 'revision'>;

export interface ChangeQuery {
  /** Only changes after this revision. */
  after: number;
  /** Which changes to answer; absent is all. Asked of a bounded number of changes. */
  filter?: (change: Change) => boolean;
  /** Most tasks to answer. */
  limit: number;
  /** Most changes of which `wants` is asked; default 1000. */
  lookAt?: number;
  /** Most characters of text of all of them; a first task may have more. */
  characters?: number;
}

export interface ChangePage {
  /** In order of revision, each task once, as it is now. */
  tasks: StoredTask[];
  /** Every change up to this revision has been looked at: where to go on. */
  revision: number;
  /** True when nothing has changed after it. */
  isLast: boolean;
}

/**
 * What has changed, in the order in which it was committed. Commit order is revision order: whoever has seen all
 * changes up to a revision has missed none, whatever process made them. Deleting a task is no change, but takes a revision.
 */
export interface ChangeRepository {
  since(query: ChangeQuery): Promise<ChangePage>;
  /** No change has a higher revision now, and every later one will. */
  latestRevision(): Promise<number>;
  /** The revision of the last deletion of tasks; 0 before there was one. */
  lastDeletion(): Promise<number>;
  /** Those of these ids that no task has. */
  missing(ids: readonly number[]): Promise<number[]>;
}

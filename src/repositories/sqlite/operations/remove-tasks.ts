import { sql } from 'drizzle-orm';
import type { Connection } from '../../../db/sqlite/connection.js';
import { taskLogs, tasks, totals } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/transaction.js';
import { countersOf } from '../counters/counters.js';
import { bound } from '../rows.js';

export interface RemovedTasks {
  deleted: number;
  /** False if there were too many log entries for one transaction: then some of those are deleted, and no task. */
  isDone: boolean;
}

/**
 * Deletes finished tasks with their logs; live ones stay. Their ids are never reused. It takes a revision, so that
 * every process checks for waits on one of them.
 */
export function taskRemover(transaction: Transaction): (ids: readonly number[]) => RemovedTasks {
  const removeLogs = logRemover(transaction);
  const counters = countersOf(transaction);
  const markDeletion = deletionMarker(transaction);
  // The plus makes SQLite find it by its id, not by its status and id.
  const removeTasks = transaction.db
    .delete(tasks)
    .where(
      sql`${tasks.id} in (select value from json_each(${bound('ids')})) and +${tasks.status} in ('completed', 'failed')`,
    )
    .returning({ type: tasks.type, status: tasks.status })
    .prepare();
  return (ids) => {
    if (ids.length === 0) return { deleted: 0, isDone: true };
    if (removeLogs(ids) === MOST_ENTRIES) return { deleted: 0, isDone: false };
    const gone = removeTasks.all({ ids: JSON.stringify(ids) });
    for (const { type, status } of gone) counters.moved(type, status, null);
    if (gone.length > 0) markDeletion(transaction.allocateRevisions());
    return { deleted: gone.length, isDone: true };
  };
}

/** Most log entries deleted in one transaction: a task may have a million of them. */
export const MOST_ENTRIES = 2_000;

/**
 * Deletes log entries of these tasks, up to {@link MOST_ENTRIES}; returns how many. At that number, there may be more.
 */
export function logRemover({ db }: Transaction): (taskIds: readonly number[]) => number {
  const remove = db
    .delete(taskLogs)
    .where(
      sql`(task_id, level, id) in (select task_id, level, id from task_logs where task_id in (select value from json_each(${bound('ids')})) limit ${bound('limit')})`,
    )
    .prepare();
  return (taskIds) => remove.run({ ids: JSON.stringify(taskIds), limit: MOST_ENTRIES }).changes;
}

/**
 * Kept beside the totals, and like them never decreasing: the revision of the last deletion. A deleted task is in no
 * feed; a reader that follows some tasks learns from this one number when to check whether they still exist.
 */
const NAME = 'last_deletion';

/** Reads the revision of the last deletion of tasks; 0 before there was one. */
export function lastDeletionReader({ client }: Connection): () => number {
  const read = client.prepare(`select count from totals where name = '${NAME}'`).pluck();
  return () => (read.get() as number | undefined) ?? 0;
}

/** Stores the revision of a deletion of tasks. */
export function deletionMarker({ db }: Connection): (revision: number) => void {
  const mark = db
    .insert(totals)
    .values({ name: NAME, count: bound('revision') })
    .onConflictDoUpdate({ target: totals.name, set: { count: sql`excluded.count` } })
    .prepare();
  return (revision) => {
    mark.run({ revision });
  };
}

import { sql } from 'drizzle-orm';
import type { Connection } from '../../../db/sqlite/connection.js';
import { taskLogs, tasks, totals } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/transaction.js';
import { countersOf } from '../counters/counters.js';
import { bound } from '../rows.js';

export interface RemovedTasks {
  /** How many tasks are gone. */
  deleted: number;
  /** False when there were too many log entries for one transaction: then some of those are gone, and no task. */
  isDone: boolean;
}

/**
 * Deletes finished tasks with their logs; live ones stay. Their ids are never given again. It takes a revision, so that every
 * process looks whether somebody waits for one of them.
 */
export function taskRemover(transaction: Transaction): (ids: readonly number[]) => RemovedTasks {
  const removeLogs = logRemover(transaction);
  const counters = countersOf(transaction);
  const markDeletion = deletionMarker(transaction);
  // The plus has it found by its id, not by its status and id.
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

/** Most log entries that are deleted in one transaction: a task may have a million of them. */
export const MOST_ENTRIES = 2_000;

/** Deletes log entries of these tasks, up to {@link MOST_ENTRIES}; returns how many. So many mean that there may be more. */
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
 * Kept beside the totals, and like them never smaller than before: the revision of the last deletion. A deleted task is in
 * no feed; who follows some of them sees by this one number when to look whether they are still there.
 */
const NAME = 'last_deletion';

/** Reads the revision of the last deletion of tasks; 0 before there was one. */
export function lastDeletionReader({ client }: Connection): () => number {
  const read = client.prepare(`select count from totals where name = '${NAME}'`).pluck();
  return () => (read.get() as number | undefined) ?? 0;
}

/** Notes that tasks were deleted, with a revision of their deletion's own. */
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

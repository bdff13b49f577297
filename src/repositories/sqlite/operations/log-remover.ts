import { sql } from 'drizzle-orm';
import { taskLogs } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/writer/operation.js';
import { bound } from '../bound.js';

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

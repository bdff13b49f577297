import { sql } from 'drizzle-orm';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/writer/operation.js';
import { bound } from '../bound.js';
import { countersOf } from '../counters/counters.js';
import { deletionMarker } from '../last-deletion.js';
import { logRemover, MOST_ENTRIES } from './log-remover.js';

export interface Removal {
  /** How many tasks are gone. */
  deleted: number;
  /** False when there were too many log entries for one transaction: then some of those are gone, and no task. */
  isDone: boolean;
}

/**
 * Deletes finished tasks with their logs; live ones stay. Their ids are never given again. It takes a revision, so that every
 * process looks whether somebody waits for one of them.
 */
export function taskRemover(transaction: Transaction): (ids: readonly number[]) => Removal {
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
    if (gone.length > 0) markDeletion(transaction.takeRevisions());
    return { deleted: gone.length, isDone: true };
  };
}

import { sql } from 'drizzle-orm';
import { lanes, minuteCounts, minuteDurations, tasks } from '../../../db/sqlite/schema.js';
import type { Operation } from '../../../db/sqlite/writer/operation.js';
import type { TaskStatus } from '../../../domain/task-status.js';
import type { Retention } from '../../retention-repository.js';
import { bound } from '../bound.js';
import { countersOf } from '../counters/counters.js';

export interface PruneArgs extends Retention {
  limit: number;
}

/** How long the per-minute history is kept: a week. */
const HISTORY_KEPT_MS = 7 * 86_400_000;

const GIVE_BACK_SPACE = 'pragma incremental_vacuum(64)';

/** Deletes finished tasks that are kept no longer, oldest first; their logs go with them. Returns how many. */
export const prune = ((transaction) => {
  const { db, client, now } = transaction;
  const counters = countersOf(transaction);
  const deleteOld = db
    .delete(tasks)
    .where(
      sql`${tasks.id} in (select id from tasks where status = ${bound('status')} and finished_at <= ${bound('cutoff')} order by finished_at limit ${bound('limit')})`,
    )
    .returning({ type: tasks.type })
    .prepare();
  // The newest lane stays, so that ids of lanes only grow.
  const deleteEmptyLanes = db
    .delete(lanes)
    .where(sql`${lanes.due} = 0 and ${lanes.id} < (select max(id) from lanes)`)
    .prepare();
  const deleteCounts = db
    .delete(minuteCounts)
    .where(sql`${minuteCounts.minute} < ${bound('minute')}`)
    .prepare();
  const deleteDurations = db
    .delete(minuteDurations)
    .where(sql`${minuteDurations.minute} < ${bound('minute')}`)
    .prepare();
  const pruneStatus = (status: TaskStatus, keptMs: number | null, limit: number): number => {
    if (keptMs === null || limit === 0) return 0;
    const deleted = deleteOld.all({ status, cutoff: now() - keptMs, limit });
    for (const { type } of deleted) counters.moved(type, status, null);
    return deleted.length;
  };

  const pruneHistory = (): void => {
    const minute = Math.floor((now() - HISTORY_KEPT_MS) / 60_000);
    deleteCounts.run({ minute });
    deleteDurations.run({ minute });
  };

  return ({ completedMs, failedMs, limit }) => {
    const completed = pruneStatus('completed', completedMs, limit);
    const failed = pruneStatus('failed', failedMs, limit - completed);
    pruneHistory();
    if (completed + failed > 0) {
      deleteEmptyLanes.run();
      // Not prepared: the driver would step such a statement once, and each step gives back one page.
      client.exec(GIVE_BACK_SPACE);
    }
    return completed + failed;
  };
}) satisfies Operation<PruneArgs, number>;

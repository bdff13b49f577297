import { sql } from 'drizzle-orm';
import { lanes, minuteCounts, minuteDurations } from '../../../db/sqlite/schema.js';
import type { Operation } from '../../../db/sqlite/writer/operation.js';
import { bound } from '../bound.js';

/** How long the per-minute history is kept: a week. */
const HISTORY_KEPT_MS = 7 * 86_400_000;

/** Deletes what was counted per minute, and lanes in which nothing is due. */
export const pruneCounts = (({ db, now }) => {
  const deleteCounts = db
    .delete(minuteCounts)
    .where(sql`${minuteCounts.minute} < ${bound('minute')}`)
    .prepare();
  const deleteDurations = db
    .delete(minuteDurations)
    .where(sql`${minuteDurations.minute} < ${bound('minute')}`)
    .prepare();
  // The newest lane stays, so that ids of lanes only grow.
  const deleteEmptyLanes = db
    .delete(lanes)
    .where(sql`${lanes.due} = 0 and ${lanes.id} < (select max(id) from lanes)`)
    .prepare();
  return () => {
    const minute = Math.floor((now() - HISTORY_KEPT_MS) / 60_000);
    deleteCounts.run({ minute });
    deleteDurations.run({ minute });
    deleteEmptyLanes.run();
  };
}) satisfies Operation<null, void>;

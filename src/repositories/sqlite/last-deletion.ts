import { sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { totals } from '../../db/sqlite/schema.js';
import { bound } from './bound.js';

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

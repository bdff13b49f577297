import { sql } from 'drizzle-orm';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/writer/operation.js';
import { bound } from '../bound.js';
import { countersOf } from '../counters/counters.js';

/** Most tasks that fall due in one transaction; the next claim goes on. */
const BATCH = 1000;

/** Moves scheduled tasks whose time has come to where claims look. No change that anybody can see. */
export function promoter(transaction: Transaction): () => void {
  const { db, now, takeRevisions } = transaction;
  const counters = countersOf(transaction);
  const promote = db
    .update(tasks)
    .set({ due: 1 })
    .where(
      sql`${tasks.id} in (select id from tasks where due = 0 and run_after <= ${bound('now')} order by run_after limit ${sql.raw(String(BATCH))})`,
    )
    .returning({ type: tasks.type, priority: tasks.priority, compatibility: tasks.compatibility })
    .prepare();
  return () => {
    const promoted = promote.all({ now: now() });
    for (const task of promoted) counters.due(task, 1);
    // A revision that no task has: it makes the commit one that is announced, to workers who have just looked.
    if (promoted.length > 0) takeRevisions();
  };
}

import { type SQL, sql } from 'drizzle-orm';
import { LOGGED_AS } from '../../core/task-log.js';
import type { CrashSuspect, HeldSuspects } from '../../core/workers.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks } from '../../db/sqlite/schema.js';
import { bound } from './bound.js';

/**
 * The error message of a lost attempt stays on its task until another attempt ends. A handler may throw the same words: then
 * its worker has settled the attempt.
 */
export const isSuspect = sql.raw(
  `coalesce(settled_as is not 'fail' and substr(error_message, 1, ${LOGGED_AS.expired.length}) = '${LOGGED_AS.expired}', 0)`,
);

/** `attempts` is how many attempts a task has had before the one that is asked about. */
const isApart = (attempts: SQL): SQL<number> =>
  sql`${attempts} >= 2 or ${attempts} + 1 >= ${tasks.maxAttempts}`;

/** Reads which of some queued tasks are suspects, and which of them a worker runs. */
export function suspectReader({ db }: Connection) {
  const readQueued = db
    .select({ id: tasks.id, isApart: isApart(sql`${tasks.attempts}`) })
    .from(tasks)
    .where(sql`${tasks.id} in (select value from json_each(${bound('ids')})) and ${isSuspect}`)
    .prepare();
  const readHeld = db
    .select({ apart: sql<number | null>`max(${isApart(sql`${tasks.attempts} - 1`)})` })
    .from(tasks)
    .where(sql`lease_until is not null and ${tasks.lockedBy} = ${bound('workerId')} and ${isSuspect}`)
    .prepare();

  return {
    /** In the order of the ids. */
    among(ids: readonly number[]): CrashSuspect[] {
      const found = readQueued.all({ ids: JSON.stringify(ids) });
      const byId = new Map(found.map(({ id, isApart }) => [id, { id, isApart: isApart === 1 }]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    },
    heldBy(workerId: string): HeldSuspects {
      const apart = readHeld.get({ workerId })?.apart ?? null;
      return { any: apart !== null, apart: apart === 1 };
    },
  };
}

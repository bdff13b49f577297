import { sql } from 'drizzle-orm';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Operation } from '../../../db/sqlite/writer/operation.js';
import type { Lease } from '../../lease-repository.js';
import { bound } from '../bound.js';
import { leaseRenewer } from './lease-renewer.js';

/**
 * Shortens leases that end later than a renewal at this moment would make them: the clock was set back since, and a
 * dead worker would keep its tasks for as long. Returns how many.
 */
export const clampLeases = ((transaction) => {
  const { db, now } = transaction;
  const renew = leaseRenewer(transaction);
  const findImpossible = db
    .select({ id: tasks.id, leaseToken: sql<string>`lease_token` })
    .from(tasks)
    .where(
      sql`${tasks.leaseUntil} > ${bound('now')} and ${tasks.leaseUntil} > ${bound('now')} + ${tasks.leaseMs}`,
    )
    .prepare();
  return (): number => renew(findImpossible.all({ now: now() }) satisfies Lease[]).size;
}) satisfies Operation<null, number>;

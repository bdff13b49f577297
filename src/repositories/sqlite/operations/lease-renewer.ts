import { sql } from 'drizzle-orm';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/writer/operation.js';
import type { Lease } from '../../lease-repository.js';

/**
 * Renews leases by their own lengths, all in one statement; returns the tokens of those that are still held. It is no change
 * of the tasks, of which somebody would have to hear.
 */
export function leaseRenewer({ db, now }: Transaction) {
  const renewAll = db
    .update(tasks)
    .set({ leaseUntil: sql`${sql.placeholder('now')} + ${tasks.leaseMs}` })
    .from(sql`json_each(${sql.placeholder('held')}) as held`)
    .where(
      sql`${tasks.id} = held.value ->> 'id' and ${tasks.leaseToken} = held.value ->> 'leaseToken' and +${tasks.status} = 'processing'`,
    )
    .returning({ leaseToken: tasks.leaseToken })
    .prepare();
  return (held: readonly Lease[]): Set<string | null> => {
    if (held.length === 0) return new Set();
    const renewed = renewAll.all({ held: JSON.stringify(held), now: now() });
    return new Set(renewed.map(({ leaseToken }) => leaseToken));
  };
}

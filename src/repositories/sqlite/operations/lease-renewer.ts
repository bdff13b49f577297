import { sql } from 'drizzle-orm';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/writer/operation.js';
import type { Lease } from '../../lease-repository.js';
import { bound } from '../bound.js';

/** Renews leases by their own lengths, all in one statement; returns the tokens of those that are still held. */
export function leaseRenewer({ db, now, takeRevisions }: Transaction) {
  const renewAll = db
    .update(tasks)
    .set({
      leaseUntil: sql`${sql.placeholder('now')} + ${tasks.leaseMs}`,
      updatedAt: bound('now'),
      revision: sql`${sql.placeholder('revision')} + held.key`,
    })
    .from(sql`json_each(${sql.placeholder('held')}) as held`)
    .where(
      sql`${tasks.id} = held.value ->> 'id' and ${tasks.leaseToken} = held.value ->> 'leaseToken' and +${tasks.status} = 'processing'`,
    )
    .returning({ leaseToken: tasks.leaseToken })
    .prepare();
  return (held: readonly Lease[]): Set<string | null> => {
    if (held.length === 0) return new Set();
    const revision = takeRevisions(held.length);
    const renewed = renewAll.all({ held: JSON.stringify(held), now: now(), revision });
    return new Set(renewed.map(({ leaseToken }) => leaseToken));
  };
}

import { eq, sql } from 'drizzle-orm';
import { lostLease, newProgress } from '../../../core/leases.js';
import { tasks, workers } from '../../../db/sqlite/schema.js';
import type { Operation, Transaction } from '../../../db/sqlite/transaction.js';
import type { Lease, Renewal } from '../../lease-repository.js';
import { bound } from '../rows.js';
import { heldBy, leaseStateReader } from './fence.js';

/**
 * Renews one lease, by its own length or a new one, and stores progress. Only new progress is a change of the task: a
 * lease is renewed every few seconds, which is of no interest to followers of the task.
 */
export const renew = ((transaction) => {
  const { db, now, allocateRevisions } = transaction;
  const readState = leaseStateReader(transaction);
  const leaseMs = sql<number>`coalesce(${sql.placeholder('leaseMs')}, ${tasks.leaseMs})`;
  const update = db
    .update(tasks)
    .set({
      leaseMs,
      leaseUntil: sql`${sql.placeholder('now')} + ${leaseMs}`,
    })
    .where(heldBy(bound('id'), bound('leaseToken')))
    .returning({
      leaseUntil: tasks.leaseUntil,
      workerId: tasks.lockedBy,
      percent: tasks.progress,
      message: tasks.progressMessage,
    })
    .prepare();
  const advance = db
    .update(tasks)
    .set({
      progress: bound('percent'),
      progressMessage: bound('message'),
      updatedAt: bound('now'),
      revision: bound('revision'),
    })
    .where(eq(tasks.id, bound('id')))
    .prepare();
  // A worker over HTTP shows signs of life only here between its claims.
  const markAlive = db
    .update(workers)
    .set({
      lastHeartbeat: bound('now'),
      staleMs: sql`max(${workers.staleMs}, coalesce(${sql.placeholder('leaseMs')}, 0))`,
    })
    .where(eq(workers.id, bound('workerId')))
    .prepare();

  return ({ id, leaseToken, leaseMs, progress }) => {
    const renewed = update.get({
      id,
      leaseToken,
      leaseMs,
      now: now(),
    });
    if (renewed) {
      const advanced = newProgress(progress, renewed);
      if (advanced) advance.run({ id, ...advanced, now: now(), revision: allocateRevisions() });
      markAlive.run({ workerId: renewed.workerId, leaseMs, now: now() });
      return renewed.leaseUntil as number;
    }
    throw lostLease(id, leaseToken, readState(id));
  };
}) satisfies Operation<Renewal, number>;

/**
 * Renews leases by their own lengths, all in one statement; returns the tokens of those still held. Not a change of the
 * tasks.
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

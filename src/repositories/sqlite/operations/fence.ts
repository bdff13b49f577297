import { eq, type SQL, sql } from 'drizzle-orm';
import { isRepeated, lostLease, type Settlement } from '../../../core/leases.js';
import type { Connection } from '../../../db/sqlite/connection.js';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/transaction.js';
import type { Lease } from '../../lease-repository.js';
import type { LeaseKeeper } from '../../shared/lease-keeper.js';
import { bound } from '../rows.js';

/** The fence: matches only the attempt that holds this token. */
export const heldBy = (id: SQL, token: SQL): SQL =>
  sql`${tasks.id} = ${id} and ${tasks.status} = 'processing' and ${tasks.leaseToken} = ${token}`;

/** Columns that every end of an attempt sets, whatever its outcome. */
export const endedAttempt = {
  updatedAt: bound<number>('now'),
  leaseUntil: null,
  leaseMs: null,
  leaseToken: null,
  settledToken: bound<string>('leaseToken'),
  revision: bound<number>('revision'),
} as const;

/**
 * Settles an attempt: tries `update` under the fence and returns its result; null for the same settle sent twice (its
 * reply was lost). Otherwise throws LEASE_LOST or TASK_NOT_FOUND.
 */
export function settler(transaction: Transaction, keeper: LeaseKeeper) {
  const readState = leaseStateReader(transaction);

  return <T>(lease: Lease, settlement: Settlement, update: () => T | undefined) => {
    keeper.drop(lease.leaseToken);
    const changed = update();
    if (changed) return changed;
    const state = readState(lease.id);
    if (state && isRepeated(settlement, lease.leaseToken, state)) return null;
    throw lostLease(lease.id, lease.leaseToken, state);
  };
}

/** Reads the state that decides whether a lease is held. */
export function leaseStateReader({ db }: Connection) {
  const read = db
    .select({
      status: tasks.status,
      failureReason: tasks.failureReason,
      lockedBy: tasks.lockedBy,
      leaseToken: tasks.leaseToken,
      settledToken: tasks.settledToken,
      settledAs: tasks.settledAs,
      result: tasks.result,
      errorMessage: tasks.errorMessage,
    })
    .from(tasks)
    .where(eq(tasks.id, bound('id')))
    .prepare();
  return (id: number) => read.get({ id });
}

import { type SQL, sql } from 'drizzle-orm';
import { SpooliteError, taskNotFound } from '../../../core/errors.js';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/writer/operation.js';
import type { Lease } from '../../lease-repository.js';
import { bound } from '../bound.js';
import type { LeaseKeeper } from './lease-keeper.js';
import { describeLostLease, leaseStateReader } from './lost-lease.js';

/** The fence: only the attempt that holds this token is changed. */
export const heldBy = (id: SQL, token: SQL): SQL =>
  sql`${tasks.id} = ${id} and ${tasks.status} = 'processing' and ${tasks.leaseToken} = ${token}`;

/** What ends every attempt, whatever its outcome. */
export const endedAttempt = {
  updatedAt: bound<number>('now'),
  leaseUntil: null,
  leaseMs: null,
  leaseToken: null,
  settledToken: bound<string>('leaseToken'),
  revision: bound<number>('revision'),
} as const;

type LeaseState = NonNullable<ReturnType<ReturnType<typeof leaseStateReader>>>;

/**
 * Settles an attempt: `update` is tried under the fence, and what it returns is handed on; null is for the same settle
 * sent twice (its reply was lost). Everything else throws LEASE_LOST or TASK_NOT_FOUND.
 */
export function settler(transaction: Transaction, keeper: LeaseKeeper) {
  const readState = leaseStateReader(transaction);

  return <T>(lease: Lease, update: () => T | undefined, isSameSettle: (state: LeaseState) => boolean) => {
    keeper.drop(lease.leaseToken);
    const changed = update();
    if (changed) return changed;
    const state = readState(lease.id);
    if (!state) throw taskNotFound(lease.id);
    if (state.settledToken === lease.leaseToken && isSameSettle(state)) return null;
    throw new SpooliteError('LEASE_LOST', describeLostLease(lease.id, lease.leaseToken, state));
  };
}

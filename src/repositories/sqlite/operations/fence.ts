import { eq, type SQL, sql } from 'drizzle-orm';
import { SpooliteError, taskNotFound } from '../../../core/errors.js';
import type { Connection } from '../../../db/sqlite/connection.js';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/transaction.js';
import type { Lease } from '../../lease-repository.js';
import type { LeaseKeeper } from '../../shared/lease-keeper.js';
import { bound } from '../rows.js';

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

type SettledLease = NonNullable<ReturnType<ReturnType<typeof leaseStateReader>>>;

/**
 * Settles an attempt: `update` is tried under the fence, and what it returns is handed on; null is for the same settle
 * sent twice (its reply was lost). Everything else throws LEASE_LOST or TASK_NOT_FOUND.
 */
export function settler(transaction: Transaction, keeper: LeaseKeeper) {
  const readState = leaseStateReader(transaction);

  return <T>(lease: Lease, update: () => T | undefined, isSameSettle: (state: SettledLease) => boolean) => {
    keeper.drop(lease.leaseToken);
    const changed = update();
    if (changed) return changed;
    const state = readState(lease.id);
    if (!state) throw taskNotFound(lease.id);
    if (state.settledToken === lease.leaseToken && isSameSettle(state)) return null;
    throw new SpooliteError('LEASE_LOST', describeLostLease(lease.id, lease.leaseToken, state));
  };
}

type LeaseState = Pick<
  typeof tasks.$inferSelect,
  'status' | 'failureReason' | 'lockedBy' | 'leaseToken' | 'settledToken'
>;

/** Why a lease is no longer held, for people. */
export function describeLostLease(id: number, token: string, task: LeaseState): string {
  if (task.settledToken === token)
    return `The attempt of task ${id} was already settled with another outcome`;
  if (task.failureReason === 'cancelled') return `Task ${id} was cancelled`;
  if (task.status === 'queued') return `The lease of task ${id} expired and the task was queued again`;
  if (task.status === 'processing') return `Task ${id} was taken by another worker (${task.lockedBy})`;
  if (task.failureReason === 'lease_expired')
    return `The lease of task ${id} expired and it had no attempts left`;
  if (task.failureReason === 'timeout') return `Task ${id} timed out`;
  return `Task ${id} is finished; this lease is no longer held`;
}

/** Reads what a lease is judged by. */
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

import { eq, type SQL, sql } from 'drizzle-orm';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/writer/operation.js';
import { SpooliteError, taskNotFound } from '../../../domain/spoolite-error.js';
import type { StoredTask } from '../../../domain/stored-task.js';
import type { Lease } from '../../lease-repository.js';
import { bound } from '../bound.js';
import { taskColumns } from '../task-columns.js';
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
 * Settles an attempt: `update` is tried under the fence. Where it changes nothing, the same settle sent twice (its
 * reply was lost) answers with the task, and everything else throws LEASE_LOST or TASK_NOT_FOUND.
 */
export function settler(transaction: Transaction, keeper: LeaseKeeper) {
  const readState = leaseStateReader(transaction);
  const readTask = transaction.db
    .select(taskColumns)
    .from(tasks)
    .where(eq(tasks.id, bound('id')))
    .prepare();

  return (
    lease: Lease,
    update: () => StoredTask | undefined,
    isSameSettle: (state: LeaseState) => boolean,
  ) => {
    keeper.drop(lease.leaseToken);
    const changed = update();
    if (changed) return { task: changed, repeated: false };
    const state = readState(lease.id);
    if (!state) throw taskNotFound(lease.id);
    if (state.settledToken === lease.leaseToken && isSameSettle(state)) {
      return { task: readTask.get({ id: lease.id }) as StoredTask, repeated: true };
    }
    throw new SpooliteError('LEASE_LOST', describeLostLease(lease.id, lease.leaseToken, state));
  };
}

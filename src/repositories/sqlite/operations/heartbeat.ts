import { eq } from 'drizzle-orm';
import { LOGGED_AS } from '../../../core/task-log.js';
import { workers } from '../../../db/sqlite/schema.js';
import type { Operation, Transaction } from '../../../db/sqlite/writer/operation.js';
import type { LostLease } from '../../lease-repository.js';
import type { WorkerInstance, WorkerRegistration } from '../../worker-repository.js';
import { bound } from '../bound.js';
import { isLive } from '../is-live.js';
import { attemptFailer, BY_OTHERS } from './fail.js';
import type { KeptLease, LeaseKeeper } from './lease-keeper.js';
import { leaseRenewer } from './lease-renewer.js';
import { logWriter } from './log-writer.js';
import { describeLostLease, leaseStateReader } from './lost-lease.js';
import { ownEntry, workerRegistrar } from './register-worker.js';

/** Milliseconds by which an attempt's own process may be late in saying that its time is over. */
const TIMEOUT_MARGIN_MS = 2_000;

export interface Heartbeat {
  lost: LostLease[];
  /** Another worker that lives and has the entry of this id; null as it should be. */
  namesake: WorkerInstance | null;
}

/**
 * Says that a worker lives. Where its entry is gone, or is that of one which lives no more, it gets its entry back; returns the
 * other one where that lives.
 */
function aliveMarker(
  transaction: Transaction,
  keeper: LeaseKeeper,
): (worker: WorkerRegistration) => WorkerInstance | null {
  const { db, now } = transaction;
  const register = workerRegistrar(transaction);
  const mark = db
    .update(workers)
    .set({ lastHeartbeat: bound('now'), overdue: bound('overdue') })
    .where(ownEntry)
    .prepare();
  const find = db
    .select()
    .from(workers)
    .where(eq(workers.id, bound('id')))
    .prepare();
  return (worker) => {
    const { id, host, pid } = worker;
    if (mark.run({ id, host, pid, now: now(), overdue: keeper.overdueOf(id) }).changes > 0) return null;
    const other = find.get({ id });
    if (other && isLive(other, now())) return { host: other.host, pid: other.pid };
    register(worker);
    return null;
  };
}

/**
 * Says that a worker of this process lives, renews what it holds, and returns what it has lost. An attempt whose time
 * has been over for a while is failed here: its handler keeps the event loop so busy that nobody else could.
 */
export const heartbeat = (keeper: LeaseKeeper) =>
  ((transaction) => {
    const readState = leaseStateReader(transaction);
    const failAttempt = attemptFailer(transaction, BY_OTHERS);
    const renew = leaseRenewer(transaction);
    const log = logWriter(transaction);
    const markAlive = aliveMarker(transaction, keeper);

    const describe = ({ id, leaseToken }: KeptLease): string => {
      const state = readState(id);
      return state ? describeLostLease(id, leaseToken, state) : `Task ${id} was deleted`;
    };

    const timeOut = (lease: KeptLease): void => {
      const errorMessage = LOGGED_AS.timedOut;
      const task = failAttempt(lease, { errorMessage, reason: 'timeout', retryDelayMs: null });
      if (task) log({ taskId: lease.id, attempt: task.attempts, level: 'error', message: errorMessage });
    };

    return (worker) => {
      const namesake = markAlive(worker);
      const held = keeper.heldBy(worker.id);
      const overdue = new Set(held.filter((lease) => keeper.isOverdue(lease, TIMEOUT_MARGIN_MS)));
      for (const lease of overdue) timeOut(lease);
      const renewed = renew(held.filter((lease) => !overdue.has(lease)));
      const lost = held.filter(({ leaseToken }) => !renewed.has(leaseToken));
      for (const { leaseToken } of lost) keeper.drop(leaseToken);
      return {
        lost: lost.map((lease) => ({ id: lease.id, leaseToken: lease.leaseToken, detail: describe(lease) })),
        namesake,
      };
    };
  }) satisfies Operation<WorkerRegistration, Heartbeat>;

import { eq, sql } from 'drizzle-orm';
import { SpooliteError } from '../../../core/errors.js';
import { describeLostLease, TIMED_OUT, TIMEOUT_MARGIN_MS } from '../../../core/leases.js';
import { FORGET_WORKERS_AFTER_MS, isLive } from '../../../core/workers.js';
import { workers } from '../../../db/sqlite/schema.js';
import type { Operation, Transaction } from '../../../db/sqlite/transaction.js';
import type { LostLease } from '../../lease-repository.js';
import type { KeptLease, LeaseKeeper } from '../../shared/lease-keeper.js';
import type {
  BlamedAttempt,
  WorkerIdentity,
  WorkerInstance,
  WorkerRegistration,
} from '../../worker-repository.js';
import { bound } from '../rows.js';
import { attemptFailer, BY_OTHERS, fail, release } from './fail-and-release.js';
import { leaseStateReader } from './fence.js';
import { leaseRenewer } from './renew.js';
import { logWriter } from './task-log.js';

export interface Heartbeat {
  lost: LostLease[];
  /** Another live worker that has the entry of this id; normally null. */
  namesake: WorkerInstance | null;
}

/**
 * Marks a worker alive. If its entry is missing, or is that of a dead worker, it is restored; returns the other worker
 * if that is alive.
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
 * Marks a worker of this process alive, renews its leases, and returns the lost ones. An attempt whose time has long
 * been over is failed here: its handler keeps the event loop too busy to do it.
 */
export const heartbeat = (keeper: LeaseKeeper) =>
  ((transaction) => {
    const readState = leaseStateReader(transaction);
    const failAttempt = attemptFailer(transaction, BY_OTHERS);
    const renew = leaseRenewer(transaction);
    const log = logWriter(transaction);
    const markAlive = aliveMarker(transaction, keeper);

    const describe = ({ id, leaseToken }: KeptLease): string =>
      describeLostLease(id, leaseToken, readState(id));

    const timeOut = (lease: KeptLease): void => {
      const task = failAttempt(lease, TIMED_OUT);
      if (!task) return;
      log({ taskId: lease.id, attempt: task.attempts, level: 'error', message: TIMED_OUT.errorMessage });
    };

    return (worker) => {
      const namesake = markAlive(worker);
      const held = keeper.heldBy(worker.id);
      const timedOut = new Set(held.filter((lease) => keeper.hasTimedOut(lease, TIMEOUT_MARGIN_MS)));
      for (const lease of timedOut) timeOut(lease);
      const renewed = renew(held.filter((lease) => !timedOut.has(lease)));
      const lost = held.filter(({ leaseToken }) => !renewed.has(leaseToken));
      for (const { leaseToken } of lost) keeper.drop(leaseToken);
      return {
        lost: lost.map((lease) => ({ id: lease.id, leaseToken: lease.leaseToken, detail: describe(lease) })),
        namesake,
      };
    };
  }) satisfies Operation<WorkerRegistration, Heartbeat>;

/** Matches the worker's own entry, not that of another worker with the same id. */
export const ownEntry = sql`${workers.id} = ${bound('id')} and ${workers.host} is ${bound('host')} and ${workers.pid} is ${bound('pid')}`;

/** Adds a worker to the list, or renews its entry. That of another worker with the same id is replaced. */
export function workerRegistrar({ db, now }: Transaction): (worker: WorkerRegistration) => void {
  const facts = {
    host: bound<string>('host'),
    pid: bound<number>('pid'),
    version: bound<string>('version'),
    types: bound<string>('types'),
    capabilities: bound<string>('capabilities'),
    slots: bound<number>('slots'),
    lastHeartbeat: bound<number>('now'),
    staleMs: bound<number>('staleMs'),
  };
  const startedAt = sql`case when ${workers.host} is excluded.host and ${workers.pid} is excluded.pid
    then ${workers.startedAt} else excluded.started_at end`;
  const upsert = db
    .insert(workers)
    .values({ id: bound('id'), startedAt: bound('now'), ...facts })
    .onConflictDoUpdate({ target: workers.id, set: { ...facts, overdue: 0, startedAt } })
    .prepare();
  return (worker) => {
    upsert.run({
      ...worker,
      types: worker.types && JSON.stringify(worker.types),
      capabilities: JSON.stringify(worker.capabilities),
      now: now(),
    });
  };
}

/** Adds a worker to the list, and drops those that have been gone for a day. */
export const registerWorker = ((transaction) => {
  const { db, now } = transaction;
  const register = workerRegistrar(transaction);
  const dropForgotten = db
    .delete(workers)
    .where(sql`${workers.lastHeartbeat} < ${bound('forgetBefore')}`)
    .prepare();

  return (worker) => {
    dropForgotten.run({ forgetBefore: now() - FORGET_WORKERS_AFTER_MS });
    register(worker);
    return null;
  };
}) satisfies Operation<WorkerRegistration, null>;

/** Removes a worker that stopped normally from the list. */
export const unregisterWorker = (keeper: LeaseKeeper) =>
  (({ db }) => {
    const remove = db.delete(workers).where(ownEntry).prepare();
    return (worker) => {
      keeper.forget(worker.id);
      remove.run(worker);
      return null;
    };
  }) satisfies Operation<WorkerIdentity, null>;

/** Stores a worker's number of overdue handlers in the list; its heartbeats repeat it. */
export const noteOverdue = (keeper: LeaseKeeper) =>
  (({ db }) => {
    const update = db
      .update(workers)
      .set({ overdue: bound('count') })
      .where(eq(workers.id, bound('workerId')))
      .prepare();
    return ({ workerId, count }) => {
      keeper.noteOverdue(workerId, count);
      update.run({ workerId, count });
      return null;
    };
  }) satisfies Operation<{ workerId: string; count: number }, null>;

export interface AbandonArgs {
  worker: WorkerIdentity;
  blamed: BlamedAttempt | null;
}

/** Runs a settle; a lost lease needs no further action. */
function unlessLost(settle: () => unknown): void {
  try {
    settle();
  } catch (error) {
    if (!(error instanceof SpooliteError)) throw error;
  }
}

/** Ends a worker's process: the blamed attempt fails, the other held tasks are released uncounted. */
export const abandon = (keeper: LeaseKeeper) =>
  ((transaction) => {
    const failAttempt = fail(keeper)(transaction);
    const releaseAttempt = release(keeper)(transaction);
    const unregister = unregisterWorker(keeper)(transaction);

    return ({ worker, blamed }) => {
      for (const { id, leaseToken } of keeper.heldBy(worker.id)) {
        const lease = { id, leaseToken };
        const isBlamed = leaseToken === blamed?.leaseToken;
        unlessLost(() =>
          isBlamed ? failAttempt({ lease, failure: blamed.failure }) : releaseAttempt(lease),
        );
      }
      unregister(worker);
      return null;
    };
  }) satisfies Operation<AbandonArgs, null>;

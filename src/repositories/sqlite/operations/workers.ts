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

/** The entry of the worker itself, and not that of another which goes by the same id. */
export const ownEntry = sql`${workers.id} = ${bound('id')} and ${workers.host} is ${bound('host')} and ${workers.pid} is ${bound('pid')}`;

/** Puts a worker on the list, or renews its entry. That of another worker with the same id is replaced. */
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

/** Puts a worker on the list, and drops those which have been gone for a day. */
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

/** Takes a worker that ended in good order off the list. */
export const unregisterWorker = (keeper: LeaseKeeper) =>
  (({ db }) => {
    const remove = db.delete(workers).where(ownEntry).prepare();
    return (worker) => {
      keeper.forget(worker.id);
      remove.run(worker);
      return null;
    };
  }) satisfies Operation<WorkerIdentity, null>;

/** Puts on the list of workers how many handlers of a worker are overdue; its heartbeats repeat it. */
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

/** Runs a settle; one whose lease is lost already has nothing left to do. */
function unlessLost(settle: () => unknown): void {
  try {
    settle();
  } catch (error) {
    if (!(error instanceof SpooliteError)) throw error;
  }
}

/** Everything that a worker holds, when its process ends: the blamed attempt fails, the others are not counted. */
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

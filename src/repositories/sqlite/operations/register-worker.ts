import { sql } from 'drizzle-orm';
import { workers } from '../../../db/sqlite/schema.js';
import type { Operation, Transaction } from '../../../db/sqlite/writer/operation.js';
import type { WorkerIdentity, WorkerRegistration } from '../../worker-repository.js';
import { bound } from '../bound.js';
import type { LeaseKeeper } from './lease-keeper.js';

/** Milliseconds that a worker which went without a word stays on the list. */
const FORGET_AFTER_MS = 24 * 3600 * 1000;

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
    dropForgotten.run({ forgetBefore: now() - FORGET_AFTER_MS });
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

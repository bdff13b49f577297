import { eq, sql } from 'drizzle-orm';
import { workers } from '../../../db/sqlite/schema.js';
import type { Operation } from '../../../db/sqlite/writer/operation.js';
import type { WorkerRegistration } from '../../worker-repository.js';
import { bound } from '../bound.js';
import type { LeaseKeeper } from './lease-keeper.js';

/** Milliseconds that a worker which went without a word stays on the list. */
const FORGET_AFTER_MS = 24 * 3600 * 1000;

/** Puts a worker on the list, or renews its entry; drops those which have been gone for a day. */
export const registerWorker = (({ db, now }) => {
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
  const upsert = db
    .insert(workers)
    .values({ id: bound('id'), startedAt: bound('now'), ...facts })
    .onConflictDoUpdate({ target: workers.id, set: facts })
    .prepare();
  const dropForgotten = db
    .delete(workers)
    .where(sql`${workers.lastHeartbeat} < ${bound('forgetBefore')}`)
    .prepare();

  return (worker) => {
    dropForgotten.run({ forgetBefore: now() - FORGET_AFTER_MS });
    upsert.run({
      ...worker,
      types: worker.types && JSON.stringify(worker.types),
      capabilities: JSON.stringify(worker.capabilities),
      now: now(),
    });
    return null;
  };
}) satisfies Operation<WorkerRegistration, null>;

/** Takes a worker that ended in good order off the list. */
export const unregisterWorker = (keeper: LeaseKeeper) =>
  (({ db }) => {
    const remove = db
      .delete(workers)
      .where(eq(workers.id, bound('id')))
      .prepare();
    return ({ id }) => {
      keeper.forget(id);
      remove.run({ id });
      return null;
    };
  }) satisfies Operation<{ id: string }, null>;

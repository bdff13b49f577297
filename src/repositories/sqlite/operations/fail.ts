import { tasks } from '../../../db/sqlite/schema.js';
import type { Operation, Transaction } from '../../../db/sqlite/writer/operation.js';
import { type AttemptFailure, decideFailure } from '../../../domain/settlement.js';
import type { StoredTask } from '../../../domain/stored-task.js';
import type { Lease } from '../../lease-repository.js';
import { bound } from '../bound.js';
import { taskColumns } from '../task-columns.js';
import type { LeaseKeeper } from './lease-keeper.js';
import { logWriter } from './log-writer.js';
import { queuedAgain } from './requeue.js';
import { endedAttempt, heldBy, settler } from './settle.js';

export interface FailArgs {
  lease: Lease;
  failure: AttemptFailure;
}

/** The attempt was failed by who ran it, and may be failed again in the same words. */
const BY_ITS_WORKER = { settledToken: bound<string>('leaseToken'), settledAs: 'fail' } as const;

/** The attempt was failed over the head of who ran it, who is to hear why should it settle after all. */
export const BY_OTHERS = { settledToken: null, settledAs: null } as const;

/** Ends a held attempt that failed: queued again while attempts are left and the reason allows, else failed. */
export function attemptFailer(
  { db, now, takeRevisions }: Transaction,
  settled: typeof BY_ITS_WORKER | typeof BY_OTHERS,
) {
  const ended = { ...endedAttempt, errorMessage: bound<string>('errorMessage'), ...settled };
  const readAttempts = db
    .select({ attempts: tasks.attempts, maxAttempts: tasks.maxAttempts })
    .from(tasks)
    .where(heldBy(bound('id'), bound('leaseToken')))
    .prepare();
  const requeue = db
    .update(tasks)
    .set({ ...ended, ...queuedAgain })
    .where(heldBy(bound('id'), bound('leaseToken')))
    .returning(taskColumns)
    .prepare();
  const failForGood = db
    .update(tasks)
    .set({ ...ended, status: 'failed', failureReason: bound('failureReason'), finishedAt: bound('now') })
    .where(heldBy(bound('id'), bound('leaseToken')))
    .returning(taskColumns)
    .prepare();

  return (lease: Lease, failure: AttemptFailure): StoredTask | undefined => {
    const held = readAttempts.get({ ...lease });
    if (!held) return undefined;
    const outcome = decideFailure(held, failure);
    const values = { ...lease, errorMessage: failure.errorMessage, now: now(), revision: takeRevisions() };
    return outcome.status === 'queued'
      ? requeue.get({ ...values, runAfter: now() + outcome.delayMs })
      : failForGood.get({ ...values, failureReason: outcome.failureReason });
  };
}

/** `processing → queued | failed`. */
export const fail = (keeper: LeaseKeeper) =>
  ((transaction) => {
    const settle = settler(transaction, keeper);
    const failAttempt = attemptFailer(transaction, BY_ITS_WORKER);
    const log = logWriter(transaction);

    return ({ lease, failure }) => {
      const { task, repeated } = settle(
        lease,
        () => failAttempt(lease, failure),
        (state) => state.settledAs === 'fail' && state.errorMessage === failure.errorMessage,
      );
      if (!repeated) {
        log({
          taskId: task.id,
          attempt: task.attempts,
          level: task.status === 'failed' ? 'error' : 'warning',
          message:
            task.status === 'failed'
              ? `Failed: ${failure.errorMessage}`
              : `Will be retried: ${failure.errorMessage}`,
        });
      }
      return task;
    };
  }) satisfies Operation<FailArgs, StoredTask>;

import { tasks } from '../../../db/sqlite/schema.js';
import type { Operation, Transaction } from '../../../db/sqlite/writer/operation.js';
import { type AttemptFailure, decideFailure } from '../../../domain/settlement.js';
import type { StoredTask } from '../../../domain/stored-task.js';
import { LOGGED_AS } from '../../../domain/transition-log.js';
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

const ended = { ...endedAttempt, errorMessage: bound<string>('errorMessage'), settledAs: 'fail' } as const;

/** Ends a held attempt that failed: queued again while attempts are left and the reason allows, else failed. */
export function attemptFailer({ db, now, takeRevisions }: Transaction) {
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
    const failAttempt = attemptFailer(transaction);
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
              ? `${LOGGED_AS.failed}${failure.errorMessage}`
              : `${LOGGED_AS.willBeRetried}${failure.errorMessage}`,
        });
      }
      return task;
    };
  }) satisfies Operation<FailArgs, StoredTask>;

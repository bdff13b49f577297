import { type AttemptFailure, decideFailure } from '../../../core/retry.js';
import type { TaskStatus } from '../../../core/task.js';
import { LOGGED_AS } from '../../../core/task-log.js';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Operation, Transaction } from '../../../db/sqlite/writer/operation.js';
import type { Lease } from '../../lease-repository.js';
import { bound } from '../bound.js';
import { countersOf } from '../counters/counters.js';
import { historyOf } from './history.js';
import type { LeaseKeeper } from './lease-keeper.js';
import { logWriter } from './log-writer.js';
import { countRequeued, queuedAgain, requeuedColumns } from './requeue.js';
import { rowLogWriter } from './row-log-writer.js';
import { endedAttempt, heldBy, settler } from './settle.js';
import { notesOf } from './transition-notes.js';

export interface FailArgs {
  lease: Lease;
  failure: AttemptFailure;
}

/** The attempt was failed by who ran it, and may be failed again in the same words. */
const BY_ITS_WORKER = { settledToken: bound<string>('leaseToken'), settledAs: 'fail' } as const;

/** The attempt was failed over the head of who ran it, who is to hear why should it settle after all. */
export const BY_OTHERS = { settledToken: null, settledAs: null } as const;

/** Ends a held attempt that failed: queued again while attempts are left and the reason allows, else failed. */
export function attemptFailer(transaction: Transaction, settled: typeof BY_ITS_WORKER | typeof BY_OTHERS) {
  const { db, now, takeRevisions } = transaction;
  const history = historyOf(transaction);
  const counters = countersOf(transaction);
  const notes = notesOf(transaction);
  const writeRowLog = rowLogWriter<Lease>(transaction, heldBy(bound('id'), bound('leaseToken')));
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
    .returning(requeuedColumns)
    .prepare();
  const failForGood = db
    .update(tasks)
    .set({ ...ended, status: 'failed', failureReason: bound('failureReason'), finishedAt: bound('now') })
    .where(heldBy(bound('id'), bound('leaseToken')))
    .returning({ attempts: tasks.attempts, status: tasks.status, type: tasks.type })
    .prepare();

  return (lease: Lease, failure: AttemptFailure) => {
    const held = readAttempts.get({ ...lease });
    if (!held) return undefined;
    writeRowLog(lease);
    const outcome = decideFailure(held, failure);
    const isExpired = failure.reason === 'lease_expired';
    if (isExpired) counters.happened('expired');
    notes?.add(isExpired ? 'expire' : 'fail', lease.id, 'processing', outcome.status);
    const values = { ...lease, errorMessage: failure.errorMessage, now: now(), revision: takeRevisions() };
    if (outcome.status === 'queued') {
      const queued = requeue.get({ ...values, runAfter: now() + outcome.delayMs });
      countRequeued(counters, queued, 'retried');
      return queued;
    }
    const failed = failForGood.get({ ...values, failureReason: outcome.failureReason });
    counters.failed(failed.type, 'processing', outcome.failureReason);
    history.add('failed');
    return failed;
  };
}

/** `processing → queued | failed`. Returns which; null where it was told before. */
export const fail = (keeper: LeaseKeeper) =>
  ((transaction) => {
    const settle = settler(transaction, keeper);
    const failAttempt = attemptFailer(transaction, BY_ITS_WORKER);
    const log = logWriter(transaction);

    return ({ lease, failure }) => {
      const settled = settle(
        lease,
        () => failAttempt(lease, failure),
        (state) => state.settledAs === 'fail' && state.errorMessage === failure.errorMessage,
      );
      if (!settled) return null;
      const isFinal = settled.status === 'failed';
      log({
        taskId: lease.id,
        attempt: settled.attempts,
        level: isFinal ? 'error' : 'warning',
        message: `${isFinal ? LOGGED_AS.failed : LOGGED_AS.willBeRetried}${failure.errorMessage}`,
        details: failure.details ?? null,
      });
      return settled.status;
    };
  }) satisfies Operation<FailArgs, TaskStatus | null>;

import { sql } from 'drizzle-orm';
import { type AttemptFailure, decideFailure } from '../../../core/retry.js';
import type { TaskStatus } from '../../../core/task.js';
import { failureEntry, LOGGED_AS } from '../../../core/task-log.js';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Operation, Transaction } from '../../../db/sqlite/transaction.js';
import type { Lease } from '../../lease-repository.js';
import type { LeaseKeeper } from '../../shared/lease-keeper.js';
import { type CountedTask, type Counters, countersOf } from '../counters/counters.js';
import { minuteTallyOf } from '../counters/totals.js';
import { bound } from '../rows.js';
import { endedAttempt, heldBy, settler } from './fence.js';
import { derivedLogWriter, logWriter } from './task-log.js';
import { transitionBufferOf } from './transition-buffer.js';

export interface FailArgs {
  lease: Lease;
  failure: AttemptFailure;
}

/** The attempt was failed by its worker, which may repeat the same request. */
const BY_ITS_WORKER = { settledToken: bound<string>('leaseToken'), settledAs: 'fail' } as const;

/** The attempt was failed without its worker, which gets the reason if it settles after all. */
export const BY_OTHERS = { settledToken: null, settledAs: null } as const;

/** Ends a held attempt that failed: queued again while attempts are left and the reason allows, else failed. */
export function attemptFailer(transaction: Transaction, settled: typeof BY_ITS_WORKER | typeof BY_OTHERS) {
  const { db, now, allocateRevisions } = transaction;
  const history = minuteTallyOf(transaction);
  const counters = countersOf(transaction);
  const transitions = transitionBufferOf(transaction);
  const writeDerivedLog = derivedLogWriter<Lease>(transaction, heldBy(bound('id'), bound('leaseToken')));
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
    writeDerivedLog(lease);
    const outcome = decideFailure(held, failure);
    const isExpired = failure.reason === 'lease_expired';
    if (isExpired) counters.happened('expired');
    transitions?.add(isExpired ? 'expire' : 'fail', lease.id, 'processing', outcome.status);
    const values = {
      ...lease,
      errorMessage: failure.errorMessage,
      now: now(),
      revision: allocateRevisions(),
    };
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

/** `processing → queued | failed`. Returns which; null if it was already settled so. */
export const fail = (keeper: LeaseKeeper) =>
  ((transaction) => {
    const settle = settler(transaction, keeper);
    const failAttempt = attemptFailer(transaction, BY_ITS_WORKER);
    const log = logWriter(transaction);

    return ({ lease, failure }) => {
      const settled = settle(lease, { as: 'fail', errorMessage: failure.errorMessage }, () =>
        failAttempt(lease, failure),
      );
      if (!settled) return null;
      log({ taskId: lease.id, attempt: settled.attempts, ...failureEntry(settled.status, failure) });
      return settled.status;
    };
  }) satisfies Operation<FailArgs, TaskStatus | null>;

/** `processing → queued`, due at once, the attempt not counted; the text of an earlier failure stays. */
export const release = (keeper: LeaseKeeper) =>
  ((transaction) => {
    const { db, now, allocateRevisions } = transaction;
    const settle = settler(transaction, keeper);
    const log = logWriter(transaction);
    const counters = countersOf(transaction);
    const transitions = transitionBufferOf(transaction);
    const writeDerivedLog = derivedLogWriter<Lease>(transaction, heldBy(bound('id'), bound('leaseToken')));
    const update = db
      .update(tasks)
      .set({ ...endedAttempt, ...queuedAgain, attempts: sql`${tasks.attempts} - 1`, settledAs: 'release' })
      .where(heldBy(bound('id'), bound('leaseToken')))
      .returning(requeuedColumns)
      .prepare();

    return (lease) => {
      const instant = now();
      writeDerivedLog(lease);
      const subject = transitions?.about(lease.id);
      const settled = settle(lease, { as: 'release' }, () =>
        update.get({ ...lease, now: instant, runAfter: instant, revision: allocateRevisions() }),
      );
      if (!settled) return null;
      countRequeued(counters, settled, 'released');
      transitions?.add('release', lease.id, 'processing', 'queued', subject);
      const message = LOGGED_AS.released;
      log({ taskId: lease.id, attempt: settled.attempts + 1, level: 'info', message });
      return settled.status;
    };
  }) satisfies Operation<Lease, TaskStatus | null>;

/** Columns of a task that is queued again after an attempt; due at `runAfter`, with the last failure's text. */
export const queuedAgain = {
  status: 'queued',
  due: sql<number>`case when ${sql.placeholder('runAfter')} <= ${sql.placeholder('now')} then 1 else 0 end`,
  runAfter: bound<number>('runAfter'),
  progress: null,
  progressMessage: null,
  processingStartedAt: null,
  lockedBy: null,
} as const;

/** The columns returned when a task is queued again, for the log and the counts. */
export const requeuedColumns = {
  attempts: tasks.attempts,
  status: tasks.status,
  type: tasks.type,
  priority: tasks.priority,
  compatibility: tasks.compatibility,
  due: tasks.due,
};

export function countRequeued(
  counters: Counters,
  task: CountedTask & { due: number | null },
  why: 'retried' | 'released',
): void {
  counters.happened(why);
  counters.moved(task.type, 'processing', 'queued');
  if (task.due === 1) counters.due(task, 1);
}

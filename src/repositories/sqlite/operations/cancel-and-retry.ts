import { eq, sql } from 'drizzle-orm';
import { SpooliteError, taskNotFound } from '../../../core/errors.js';
import type { StoredTask } from '../../../core/task.js';
import { LOGGED_AS } from '../../../core/task-log.js';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Operation } from '../../../db/sqlite/transaction.js';
import type { Cancelled } from '../../task-repository.js';
import { countersOf } from '../counters/counters.js';
import { minuteTallyOf } from '../counters/totals.js';
import { bound, taskColumns } from '../rows.js';
import { derivedLogWriter, logWriter } from './task-log.js';
import { transitionBufferOf } from './transition-buffer.js';

const MESSAGE = LOGGED_AS.cancelled;

/** `queued | processing → failed`; a finished task stays as it is. */
export const cancel = ((transaction) => {
  const { db, now, allocateRevisions } = transaction;
  const log = logWriter(transaction);
  const writeDerivedLog = derivedLogWriter<{ id: number }>(
    transaction,
    sql`${tasks.id} = ${sql.placeholder('id')} and ${tasks.status} = 'processing'`,
  );
  const history = minuteTallyOf(transaction);
  const counters = countersOf(transaction);
  const transitions = transitionBufferOf(transaction);
  const failLive = db
    .update(tasks)
    .set({
      status: 'failed',
      due: null,
      failureReason: 'cancelled',
      errorMessage: MESSAGE,
      finishedAt: bound('now'),
      updatedAt: bound('now'),
      leaseUntil: null,
      leaseMs: null,
      leaseToken: null,
      revision: bound('revision'),
    })
    .where(sql`${tasks.id} = ${sql.placeholder('id')} and ${tasks.status} in ('queued', 'processing')`)
    .returning({ attempts: tasks.attempts })
    .prepare();
  const readBefore = db
    .select({
      status: tasks.status,
      due: tasks.due,
      type: tasks.type,
      priority: tasks.priority,
      compatibility: tasks.compatibility,
    })
    .from(tasks)
    .where(eq(tasks.id, bound('id')))
    .prepare();

  return ({ id }) => {
    const before = readBefore.get({ id });
    if (!before) throw taskNotFound(id);
    writeDerivedLog({ id });
    const cancelled = failLive.get({ id, now: now(), revision: allocateRevisions() });
    if (!cancelled) return { id, status: before.status, changed: false };
    log({ taskId: id, attempt: cancelled.attempts, level: 'warning', message: MESSAGE });
    history.add('failed');
    counters.failed(before.type, before.status, 'cancelled');
    transitions?.add('cancel', id, before.status, 'failed');
    if (before.due === 1) counters.due(before, -1);
    return { id, status: 'failed', changed: true };
  };
}) satisfies Operation<{ id: number }, Cancelled>;

/** Manual retry: `completed | failed → queued`, due at once, with fresh attempts. */
export const retry = ((transaction) => {
  const { db, now, allocateRevisions } = transaction;
  const log = logWriter(transaction);
  const counters = countersOf(transaction);
  const transitions = transitionBufferOf(transaction);
  const writeDerivedLog = derivedLogWriter<{ id: number }>(
    transaction,
    sql`${tasks.id} = ${sql.placeholder('id')} and ${tasks.status} = 'completed'`,
  );
  const requeueFinished = db
    .update(tasks)
    .set({
      status: 'queued',
      due: 1,
      attempts: 0,
      progress: null,
      progressMessage: null,
      result: null,
      errorMessage: null,
      failureReason: null,
      runAfter: bound('now'),
      updatedAt: bound('now'),
      processingStartedAt: null,
      finishedAt: null,
      lockedBy: null,
      settledToken: null,
      settledAs: null,
      revision: bound('revision'),
    })
    .where(sql`${tasks.id} = ${sql.placeholder('id')} and ${tasks.status} in ('completed', 'failed')`)
    .returning(taskColumns)
    .prepare();
  const readStatus = db
    .select({ status: tasks.status })
    .from(tasks)
    .where(eq(tasks.id, bound('id')))
    .prepare();

  return ({ id }) => {
    const before = readStatus.get({ id });
    if (!before) throw taskNotFound(id);
    writeDerivedLog({ id });
    const task = requeueFinished.get({ id, now: now(), revision: allocateRevisions() });
    if (!task) {
      throw new SpooliteError(
        'TASK_NOT_FINISHED',
        `Task ${id} is ${before.status}; only a finished task can be retried`,
      );
    }
    log({ taskId: id, attempt: 0, level: 'info', message: LOGGED_AS.queuedAgain });
    counters.moved(task.type, before.status, 'queued');
    transitions?.add('retry', id, before.status, 'queued');
    counters.due(task, 1);
    return task;
  };
}) satisfies Operation<{ id: number }, StoredTask>;

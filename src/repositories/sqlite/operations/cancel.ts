import { eq, sql } from 'drizzle-orm';
import { taskNotFound } from '../../../core/errors.js';
import { LOGGED_AS } from '../../../core/task-log.js';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Operation } from '../../../db/sqlite/writer/operation.js';
import type { Cancelled } from '../../task-repository.js';
import { bound } from '../bound.js';
import { countersOf } from '../counters/counters.js';
import { historyOf } from './history.js';
import { logWriter } from './log-writer.js';
import { rowLogWriter } from './row-log-writer.js';
import { notesOf } from './transition-notes.js';

const MESSAGE = LOGGED_AS.cancelled;

/** `queued | processing → failed`; a finished task stays as it is. */
export const cancel = ((transaction) => {
  const { db, now, takeRevisions } = transaction;
  const log = logWriter(transaction);
  const writeRowLog = rowLogWriter<{ id: number }>(
    transaction,
    sql`${tasks.id} = ${sql.placeholder('id')} and ${tasks.status} = 'processing'`,
  );
  const history = historyOf(transaction);
  const counters = countersOf(transaction);
  const notes = notesOf(transaction);
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
    writeRowLog({ id });
    const cancelled = failLive.get({ id, now: now(), revision: takeRevisions() });
    if (!cancelled) return { id, status: before.status, changed: false };
    log({ taskId: id, attempt: cancelled.attempts, level: 'warning', message: MESSAGE });
    history.add('failed');
    counters.failed(before.type, before.status, 'cancelled');
    notes?.add('cancel', id, before.status, 'failed');
    if (before.due === 1) counters.due(before, -1);
    return { id, status: 'failed', changed: true };
  };
}) satisfies Operation<{ id: number }, Cancelled>;

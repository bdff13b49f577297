import { eq, sql } from 'drizzle-orm';
import { SpooliteError, taskNotFound } from '../../../core/errors.js';
import type { StoredTask } from '../../../core/task.js';
import { LOGGED_AS } from '../../../core/task-log.js';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Operation } from '../../../db/sqlite/writer/operation.js';
import { bound } from '../bound.js';
import { countersOf } from '../counters/counters.js';
import { taskColumns } from '../task-columns.js';
import { logWriter } from './log-writer.js';
import { rowLogWriter } from './row-log-writer.js';
import { notesOf } from './transition-notes.js';

/** Manual retry: `completed | failed → queued`, due at once, with fresh attempts. */
export const retry = ((transaction) => {
  const { db, now, takeRevisions } = transaction;
  const log = logWriter(transaction);
  const counters = countersOf(transaction);
  const notes = notesOf(transaction);
  const writeRowLog = rowLogWriter<{ id: number }>(
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
    writeRowLog({ id });
    const task = requeueFinished.get({ id, now: now(), revision: takeRevisions() });
    if (!task) {
      throw new SpooliteError(
        'TASK_NOT_FINISHED',
        `Task ${id} is ${before.status}; only a finished task can be retried`,
      );
    }
    log({ taskId: id, attempt: 0, level: 'info', message: LOGGED_AS.queuedAgain });
    counters.moved(task.type, before.status, 'queued');
    notes?.add('retry', id, before.status, 'queued');
    counters.due(task, 1);
    return task;
  };
}) satisfies Operation<{ id: number }, StoredTask>;

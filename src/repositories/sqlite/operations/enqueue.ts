import { eq } from 'drizzle-orm';
import { REQUEST_FIELDS } from '../../../core/task-fields.js';
import { requestDigest, type TaskRequest } from '../../../core/task-request.js';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Operation, Transaction } from '../../../db/sqlite/transaction.js';
import { atPlace, replayOf } from '../../shared/idempotency.js';
import type { Enqueued } from '../../task-repository.js';
import { countersOf } from '../counters/counters.js';
import { minuteTallyOf } from '../counters/totals.js';
import { bound, boundFields } from '../rows.js';
import { transitionBufferOf } from './transition-buffer.js';

/** Null for the fields that a request may omit. */
const OMITTED_FIELDS = Object.fromEntries(
  REQUEST_FIELDS.filter(({ addedLater }) => addedLater).map(({ name }) => [name, null]),
);

function enqueuer(transaction: Transaction): (task: TaskRequest) => Enqueued {
  const { db, now, allocateRevisions } = transaction;
  const counters = countersOf(transaction);
  const transitions = transitionBufferOf(transaction);
  const insert = db
    .insert(tasks)
    .values({
      ...boundFields(REQUEST_FIELDS),
      status: 'queued',
      due: bound('due'),
      createdAt: bound('now'),
      updatedAt: bound('now'),
      requestDigest: bound('requestDigest'),
      traceparent: bound('traceparent'),
      revision: bound('revision'),
    })
    .prepare();
  const findByKey = db
    .select({ id: tasks.id, status: tasks.status, createdAt: tasks.createdAt, digest: tasks.requestDigest })
    .from(tasks)
    .where(eq(tasks.idempotencyKey, bound('key')))
    .prepare();

  const findFirst = (key: string, digest: string): Enqueued | null => {
    const first = findByKey.get({ key });
    return first ? replayOf(first, digest) : null;
  };

  return (task) => {
    const digest = task.idempotencyKey === null ? null : requestDigest(task);
    const first = digest === null ? null : findFirst(task.idempotencyKey as string, digest);
    if (first) return first;
    const instant = now();
    const runAfter = task.runAfter ?? instant;
    const isDue = runAfter <= instant;
    const { lastInsertRowid } = insert.run({
      ...OMITTED_FIELDS,
      ...task,
      runAfter,
      due: isDue ? 1 : 0,
      now: instant,
      requestDigest: digest,
      traceparent: task.traceparent ?? null,
      revision: allocateRevisions(),
    });
    counters.moved(task.type, null, 'queued');
    if (isDue) counters.due(task, 1);
    const id = Number(lastInsertRowid);
    transitions?.add('enqueue', id, null, 'queued');
    return { id, status: 'queued', createdAt: instant, replayed: false };
  };
}

export const enqueue = ((transaction) => {
  const enqueueOne = enqueuer(transaction);
  const history = minuteTallyOf(transaction);
  return (task) => {
    const enqueued = enqueueOne(task);
    if (!enqueued.replayed) history.add('enqueued');
    return enqueued;
  };
}) satisfies Operation<TaskRequest, Enqueued>;

export const enqueueMany = ((transaction) => {
  const enqueueOne = enqueuer(transaction);
  const history = minuteTallyOf(transaction);
  return (newTasks) => {
    const places = new Map<string, number>();
    const enqueued = newTasks.map((task, index) => {
      const key = task.idempotencyKey;
      try {
        const one = enqueueOne(task);
        if (key !== null && !one.replayed) places.set(key, index);
        return one;
      } catch (error) {
        throw atPlace(error, index, key === null ? undefined : places.get(key));
      }
    });
    const added = enqueued.filter(({ replayed }) => !replayed).length;
    if (added > 0) history.add('enqueued', added);
    return enqueued;
  };
}) satisfies Operation<readonly TaskRequest[], Enqueued[]>;

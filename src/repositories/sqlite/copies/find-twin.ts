import { eq } from 'drizzle-orm';
import type { TransferTask } from '../../../admin/transfer/transfer-task.js';
import { SpooliteError } from '../../../core/errors.js';
import type { Connection } from '../../../db/sqlite/connection.js';
import { tasks } from '../../../db/sqlite/schema.js';
import { bound } from '../bound.js';

/** What tells whether a task with some id is the one that has it in the file. */
const isSame = (task: TransferTask, other: { type: string; createdAt: number }): boolean =>
  task.type === other.type && task.createdAt === other.createdAt;

/** Whether there is a task with this id: the very one of the file, or another. */
export type AtId = 'same' | 'another' | null;

export function idLooker({ db }: Connection): (task: TransferTask) => AtId {
  const readAt = db
    .select({ type: tasks.type, createdAt: tasks.createdAt })
    .from(tasks)
    .where(eq(tasks.id, bound('id')))
    .prepare();
  return (task) => {
    const other = readAt.get({ id: task.id });
    if (!other) return null;
    return isSame(task, other) ? 'same' : 'another';
  };
}

/** The id of the task that was enqueued with the key of this one, by the same request; null where there is none. */
export function keyLooker({ db }: Connection): (task: TransferTask) => number | null {
  const readByKey = db
    .select({ id: tasks.id, digest: tasks.requestDigest })
    .from(tasks)
    .where(eq(tasks.idempotencyKey, bound('key')))
    .prepare();
  return ({ idempotencyKey, requestDigest }) => {
    const other = idempotencyKey === null ? undefined : readByKey.get({ key: idempotencyKey });
    if (!other) return null;
    if (other.digest === requestDigest) return other.id;
    throw new SpooliteError(
      'IDEMPOTENCY_KEY_REUSED',
      `the idempotency key ${JSON.stringify(idempotencyKey)} was used here for task ${other.id} with a different request`,
    );
  };
}

/**
 * Finds the task of this database that a task of the file is already: the one with its id, where tasks keep theirs, or the
 * one with its idempotency key. Null where there is none. Throws when another task stands in its way.
 */
export function findTwin(connection: Connection): (task: TransferTask, keepIds: boolean) => number | null {
  const atId = idLooker(connection);
  const byKey = keyLooker(connection);
  return (task, keepIds) => {
    const there = keepIds ? atId(task) : null;
    if (there === 'same') return task.id;
    if (there === 'another')
      throw new SpooliteError('VALIDATION_FAILED', `task ${task.id} is another one in this database`);
    return byKey(task);
  };
}

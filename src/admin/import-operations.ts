import { eq } from 'drizzle-orm';
import { SpooliteError } from '../core/errors.js';
import { fieldsIn } from '../core/task-fields.js';
import type { Connection } from '../db/sqlite/connection.js';
import { tasks } from '../db/sqlite/schema.js';
import type { Operation, Transaction } from '../db/sqlite/transaction.js';
import type { AuditEvent } from '../repositories/shared/audit-events.js';
import { countersOf } from '../repositories/sqlite/counters/counters.js';
import { audited } from '../repositories/sqlite/operations/audit.js';
import { prepareLogInsert } from '../repositories/sqlite/operations/task-log.js';
import { bound, boundFields } from '../repositories/sqlite/rows.js';
import { asImported, type TransferTask } from './transfer/transfer-task.js';

/** The place of an imported task. */
export interface Imported {
  id: number;
  /** False if it existed already. */
  isNew: boolean;
}

export interface ImportArgs {
  tasks: readonly TransferTask[];
  /** Whether tasks keep the ids from the file, which are all free. */
  keepIds: boolean;
}

function logInserter(transaction: Transaction): (taskId: number, task: TransferTask) => void {
  const insert = prepareLogInsert(transaction);
  return (taskId, { log }) => {
    for (const entry of log ?? []) insert.run({ ...entry, taskId, id: transaction.allocateRevisions() });
  };
}

/** Every column that is transferred between databases, by the name of its property. */
const prepareInsert = ({ db }: Transaction) =>
  db
    .insert(tasks)
    .values({
      ...boundFields(fieldsIn('transfer')),
      due: bound('due'),
      revision: bound('revision'),
    })
    .prepare();

function taskInserter(transaction: Transaction): (task: TransferTask, keepIds: boolean) => number {
  const { now, allocateRevisions } = transaction;
  const counters = countersOf(transaction);
  const insert = prepareInsert(transaction);
  const insertLog = logInserter(transaction);
  return (found, keepIds) => {
    const task = asImported(found, now());
    const isDue = task.status === 'queued' && task.runAfter <= now();
    const due = task.status === 'queued' ? Number(isDue) : null;
    const { log: _, ...columns } = task;
    const { lastInsertRowid } = insert.run({
      ...columns,
      id: keepIds ? task.id : null,
      due,
      revision: allocateRevisions(),
    });
    const id = Number(lastInsertRowid);
    counters.added(task.type, task.status);
    if (isDue) counters.due(task, 1);
    insertLog(id, task);
    return id;
  };
}

/** Adds the index of the task in the batch to its error. */
function atPlace(error: unknown, index: number): unknown {
  if (!(error instanceof SpooliteError)) return error;
  return new SpooliteError(error.code, error.message, [{ pointer: `/${index}`, message: error.message }]);
}

/** Adds tasks of another database, all of a batch or none. Existing tasks stay as they are. */
const addTasks = ((transaction) => {
  const insert = taskInserter(transaction);
  const duplicateOf = findDuplicate(transaction);
  const one = (task: TransferTask, keepIds: boolean): Imported => {
    const duplicate = duplicateOf(task, keepIds);
    return duplicate === null ? { id: insert(task, keepIds), isNew: true } : { id: duplicate, isNew: false };
  };
  return ({ tasks: found, keepIds }) =>
    found.map((task, index) => {
      try {
        return one(task, keepIds);
      } catch (error) {
        throw atPlace(error, index);
      }
    });
}) satisfies Operation<ImportArgs, Imported[]>;

const importEvent = (_: ImportArgs, imported: readonly Imported[]): AuditEvent | null => {
  const added = imported.filter(({ isNew }) => isNew).map(({ id }) => id);
  if (added.length === 0) return null;
  return {
    action: 'import',
    outcome: 'created',
    details: { created: added.length, first_task_id: added[0], last_task_id: added.at(-1) },
  };
};

/** With an entry in the audit log. */
export const auditedImport = audited(addTasks, importEvent);

/**
 * Reserves all ids up to the last one, for tasks that keep theirs: tasks enqueued meanwhile get later ones. `mayHave`
 * is the last id that may be in use. False if a later one is, as a task was enqueued.
 */
export const reserveIds = (({ client }) => {
  const readLast = client.prepare(
    "select max(coalesce((select seq from sqlite_sequence where name = 'tasks'), 0), coalesce((select max(id) from tasks), 0))",
  );
  const forget = client.prepare("delete from sqlite_sequence where name = 'tasks'");
  const remember = client.prepare("insert into sqlite_sequence (name, seq) values ('tasks', ?)");
  return ({ lastId, mayHave }) => {
    const last = Number(readLast.pluck().get());
    if (last > mayHave) return false;
    forget.run();
    remember.run(Math.max(last, lastId));
    return true;
  };
}) satisfies Operation<{ lastId: number; mayHave: number }, boolean>;

/** Whether the task with the same id is the one of the file. */
const isSame = (task: TransferTask, other: { type: string; createdAt: number }): boolean =>
  task.type === other.type && task.createdAt === other.createdAt;

/** The task with this id: the one of the file, another, or none. */
export type AtId = 'same' | 'another' | null;

export function lookupById({ db }: Connection): (task: TransferTask) => AtId {
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

/** The id of the task that was enqueued with this one's key by the same request; null if there is none. */
export function lookupByKey({ db }: Connection): (task: TransferTask) => number | null {
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
 * Finds the task that already exists here: by its id if tasks keep theirs, or by its idempotency key. Null if there is
 * none. Throws if another task is in its place.
 */
export function findDuplicate(
  connection: Connection,
): (task: TransferTask, keepIds: boolean) => number | null {
  const atId = lookupById(connection);
  const byKey = lookupByKey(connection);
  return (task, keepIds) => {
    const there = keepIds ? atId(task) : null;
    if (there === 'same') return task.id;
    if (there === 'another')
      throw new SpooliteError(
        'VALIDATION_FAILED',
        `task ${task.id} already exists here with different content`,
      );
    return byKey(task);
  };
}

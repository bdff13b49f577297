import { asImported, type TransferTask } from '../../../admin/transfer/transfer-task.js';
import { SpooliteError } from '../../../core/errors.js';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Operation, Transaction } from '../../../db/sqlite/writer/operation.js';
import { bound } from '../bound.js';
import { countersOf } from '../counters/counters.js';
import type { Deed } from '../operations/audit-log.js';
import { audited } from '../operations/audited.js';
import { prepareLogInsert } from '../operations/log-writer.js';
import { findTwin } from './find-twin.js';

/** Where a task of the file is now. */
export interface Imported {
  id: number;
  /** False where it was there already. */
  isNew: boolean;
}

export interface ImportArgs {
  tasks: readonly TransferTask[];
  /** Whether tasks get the ids that they have in the file, which nobody else has. */
  keepIds: boolean;
}

function logInserter(transaction: Transaction): (taskId: number, task: TransferTask) => void {
  const insert = prepareLogInsert(transaction);
  return (taskId, { log }) => {
    for (const entry of log ?? []) insert.run({ ...entry, taskId, id: transaction.takeRevisions() });
  };
}

/** Every column that goes from one database to another, by the name of its property. */
const prepareInsert = ({ db }: Transaction) =>
  db
    .insert(tasks)
    .values({
      id: bound('id'),
      type: bound('type'),
      status: bound('status'),
      due: bound('due'),
      priority: bound('priority'),
      attempts: bound('attempts'),
      maxAttempts: bound('maxAttempts'),
      payload: bound('payload'),
      compatibility: bound('compatibility'),
      progress: bound('progress'),
      progressMessage: bound('progressMessage'),
      result: bound('result'),
      errorMessage: bound('errorMessage'),
      failureReason: bound('failureReason'),
      createdAt: bound('createdAt'),
      updatedAt: bound('updatedAt'),
      runAfter: bound('runAfter'),
      processingStartedAt: bound('processingStartedAt'),
      finishedAt: bound('finishedAt'),
      lockedBy: bound('lockedBy'),
      idempotencyKey: bound('idempotencyKey'),
      requestDigest: bound('requestDigest'),
      traceparent: bound('traceparent'),
      settledToken: bound('settledToken'),
      settledAs: bound('settledAs'),
      revision: bound('revision'),
    })
    .prepare();

function inserter(transaction: Transaction): (task: TransferTask, keepIds: boolean) => number {
  const { now, takeRevisions } = transaction;
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
      revision: takeRevisions(),
    });
    const id = Number(lastInsertRowid);
    counters.added(task.type, task.status);
    if (isDue) counters.due(task, 1);
    insertLog(id, task);
    return id;
  };
}

/** Says which task of those that were handed over an error is about. */
function atPlace(error: unknown, index: number): unknown {
  if (!(error instanceof SpooliteError)) return error;
  return new SpooliteError(error.code, error.message, [{ pointer: `/${index}`, message: error.message }]);
}

/** Adds tasks of another database, all or none of those that it is given. Tasks that are there already stay as they are. */
const addTasks = ((transaction) => {
  const insert = inserter(transaction);
  const twinOf = findTwin(transaction);
  const one = (task: TransferTask, keepIds: boolean): Imported => {
    const twin = twinOf(task, keepIds);
    return twin === null ? { id: insert(task, keepIds), isNew: true } : { id: twin, isNew: false };
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

const describe = (_: ImportArgs, imported: readonly Imported[]): Deed | null => {
  const added = imported.filter(({ isNew }) => isNew).map(({ id }) => id);
  if (added.length === 0) return null;
  return {
    action: 'import',
    outcome: 'created',
    details: { created: added.length, first_task_id: added[0], last_task_id: added.at(-1) },
  };
};

/** Tells the audit log as well. */
export const importTasks = audited(addTasks, describe);

/**
 * Takes all ids up to the last one for tasks that are to keep theirs: whoever enqueues meanwhile gets later ones. `mayHave` is
 * the last id that may have been given out before. False when there is a later one: somebody has enqueued.
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

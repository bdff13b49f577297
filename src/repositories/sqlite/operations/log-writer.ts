import type { LogLevel } from '../../../core/task-log.js';
import { taskLogs } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/writer/operation.js';
import { bound } from '../bound.js';

export interface NewLogRow {
  taskId: number;
  attempt: number;
  level: LogLevel;
  message: string;
  details?: string | null;
}

/** Adds a log entry as it is, at its own instant. */
export const prepareLogInsert = ({ db }: Transaction) =>
  db
    .insert(taskLogs)
    .values({
      id: bound('id'),
      taskId: bound('taskId'),
      at: bound('at'),
      level: bound('level'),
      message: bound('message'),
      details: bound('details'),
      attempt: bound('attempt'),
    })
    .prepare();

/** Writes one log entry of a task, at the instant of the transaction. */
export function logWriter(transaction: Transaction): (row: NewLogRow) => void {
  const { now, takeRevisions } = transaction;
  const insert = prepareLogInsert(transaction);
  return (row) => {
    insert.run({ details: null, ...row, id: takeRevisions(), at: now() });
  };
}

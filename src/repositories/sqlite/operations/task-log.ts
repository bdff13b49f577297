import { type SQL, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/sqlite-core';
import { lostLease } from '../../../core/leases.js';
import { LOGGED_AS, type LogLevel } from '../../../core/task-log.js';
import type { Connection } from '../../../db/sqlite/connection.js';
import { taskLogs, tasks } from '../../../db/sqlite/schema.js';
import type { Operation, Transaction } from '../../../db/sqlite/transaction.js';
import type { Lease } from '../../lease-repository.js';
import type { LogEntry } from '../../log-repository.js';
import { bound } from '../rows.js';
import { heldBy, leaseStateReader } from './fence.js';

const textOf = (words: string): SQL => sql.raw(`'${words}'`);

/** The columns of a log entry, in the order of the table. */
const entry = (id: SQL, at: SQL, message: SQL) => ({
  id: sql<number>`${id}`.as('id'),
  taskId: sql<number>`${tasks.id}`.as('task_id'),
  at: sql<number>`${at}`.as('at'),
  level: sql<LogLevel>`'info'`.as('level'),
  message: sql<string>`${message}`.as('message'),
  details: sql<string | null>`null`.as('details'),
  attempt: sql<number>`${tasks.attempts}`.as('attempt'),
});

/**
 * The log entries derived from a task's row: that its attempt began and, if so, that it completed. They are not stored
 * again while the row has them; nearly every task ends with just these two. `condition` selects the tasks, `afterId`
 * the entries.
 */
export function derivedLog({ db }: Connection, condition: SQL, afterId: SQL = sql`0`) {
  const claimed = entry(
    sql`${tasks.claimedRevision}`,
    sql`${tasks.processingStartedAt}`,
    sql`${textOf(LOGGED_AS.claimed)} || ${tasks.lockedBy}`,
  );
  const completed = entry(sql`${tasks.revision}`, sql`${tasks.finishedAt}`, textOf(LOGGED_AS.completed));
  return {
    claimed: db
      .select(claimed)
      .from(tasks)
      .where(
        sql`${condition} and ${tasks.status} in ('processing', 'completed') and ${tasks.claimedRevision} > ${afterId}`,
      ),
    completed: db
      .select(completed)
      .from(tasks)
      .where(
        sql`${condition} and ${tasks.status} = 'completed' and ${tasks.claimedRevision} is not null and ${tasks.revision} > ${afterId}`,
      ),
  };
}

/**
 * Stores the entries derived from a task's row, before a change that removes them from the row. `condition` selects the
 * task, with its guard; its placeholders are the values of the call.
 */
export function derivedLogWriter<Values extends object>(
  transaction: Transaction,
  condition: SQL,
): (values: Values) => void {
  const { claimed, completed } = derivedLog(transaction, condition);
  const write = transaction.db.insert(taskLogs).select(unionAll(claimed, completed)).prepare();
  return (values) => {
    write.run(values as Record<string, unknown>);
  };
}

export interface NewLogRow {
  taskId: number;
  attempt: number;
  level: LogLevel;
  message: string;
  details?: string | null;
}

/** Adds a log entry at its own instant. */
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
  const { now, allocateRevisions } = transaction;
  const insert = prepareLogInsert(transaction);
  return (row) => {
    insert.run({ details: null, ...row, id: allocateRevisions(), at: now() });
  };
}

export interface AppendLogsArgs {
  lease: Lease;
  entries: readonly LogEntry[];
}

/** Stores a handler's log entries, under the same fence as every write of a worker. */
export const appendLogs = ((transaction) => {
  const log = logWriter(transaction);
  const readState = leaseStateReader(transaction);
  const readAttempt = transaction.db
    .select({ attempt: tasks.attempts })
    .from(tasks)
    .where(heldBy(bound('id'), bound('leaseToken')))
    .prepare();

  return ({ lease, entries }) => {
    const held = readAttempt.get({ ...lease });
    if (held) {
      for (const entry of entries) log({ taskId: lease.id, attempt: held.attempt, ...entry });
      return null;
    }
    throw lostLease(lease.id, lease.leaseToken, readState(lease.id));
  };
}) satisfies Operation<AppendLogsArgs, null>;

import { asc, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/sqlite-core';
import type { StoredTask } from '../core/task.js';
import { type Connection, openForInspection, openForReading } from '../db/sqlite/connection.js';
import { assertThere, databasePath } from '../db/sqlite/database-file.js';
import { isCorruptionError } from '../db/sqlite/errors.js';
import { minuteCounts, taskLogs, tasks } from '../db/sqlite/schema.js';
import type { StoredLogEntry } from '../repositories/log-repository.js';
import { derivedLog } from '../repositories/sqlite/operations/task-log.js';
import { bound, taskColumns } from '../repositories/sqlite/rows.js';
import { findDamage, findOrphans, type Miscount, recount } from './integrity.js';

/** The result of checking a database; both lists are empty if all is well. */
export interface Audit {
  /** Damage of the file itself; if there is any, its rows were not counted. */
  damage: string[];
  miscounts: Miscount[];
  /** Completions of tasks, from the per-minute history. */
  completions: number;
}

/** A task and its whole log, oldest entry first. */
export interface TaskHistory {
  task: StoredTask;
  log: StoredLogEntry[];
}

const countCompletions = ({ db }: Connection): number =>
  db
    .select({ count: sql<number>`coalesce(sum(${minuteCounts.completed}), 0)` })
    .from(minuteCounts)
    .get()?.count ?? 0;

/** Checks a database file without changing it. Throws `UserError` if there is none. */
export function auditSqliteFile(database: string): Audit {
  const file = databasePath(database);
  assertThere(file);
  let connection: Connection | undefined;
  try {
    connection = openForInspection(file);
    const damage = [...findDamage(connection), ...findOrphans(connection)];
    if (damage.length > 0) return { damage, miscounts: [], completions: 0 };
    return { damage, miscounts: recount(connection), completions: countCompletions(connection) };
  } catch (error) {
    // Some damage makes reading fail.
    if (!isCorruptionError(error)) throw error;
    return { damage: [(error as Error).message], miscounts: [], completions: 0 };
  } finally {
    connection?.client.close();
  }
}

/** Tasks read at once. */
const PAGE = 500;

function pageReader(connection: Connection) {
  const { db } = connection;
  const readTasks = db
    .select(taskColumns)
    .from(tasks)
    .where(sql`${tasks.id} > ${bound('after')}`)
    .orderBy(asc(tasks.id))
    .limit(PAGE)
    .prepare();
  const { claimed, completed } = derivedLog(connection, sql`${tasks.id} = ${bound('taskId')}`);
  const stored = db
    .select()
    .from(taskLogs)
    .where(sql`${taskLogs.taskId} = ${bound('taskId')}`);
  const readLog = unionAll(claimed, completed, stored).orderBy(sql`id`).prepare();
  return (after: number): TaskHistory[] =>
    readTasks.all({ after }).map((task: StoredTask) => ({ task, log: readLog.all({ taskId: task.id }) }));
}

/**
 * Every task of the file with its log, in order of id, read page by page, so that memory does not grow with the file.
 */
export function* readSqliteHistories(file: string): Generator<TaskHistory> {
  const connection = openForReading(databasePath(file));
  try {
    const readPage = pageReader(connection);
    let page = readPage(0);
    while (page.length > 0) {
      yield* page;
      page = readPage(page.at(-1)?.task.id ?? 0);
    }
  } finally {
    connection.client.close();
  }
}

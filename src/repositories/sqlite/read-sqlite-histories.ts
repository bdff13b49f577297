import { asc, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/sqlite-core';
import type { StoredTask } from '../../core/task.js';
import { type Connection, openForReading } from '../../db/sqlite/connection.js';
import { databasePath } from '../../db/sqlite/database-path.js';
import { taskLogs, tasks } from '../../db/sqlite/schema.js';
import type { TaskHistory } from '../audit.js';
import { bound } from './bound.js';
import { rowLog } from './row-log.js';
import { taskColumns } from './task-columns.js';

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
  const { claimed, completed } = rowLog(connection, sql`${tasks.id} = ${bound('taskId')}`);
  const stored = db
    .select()
    .from(taskLogs)
    .where(sql`${taskLogs.taskId} = ${bound('taskId')}`);
  const readLog = unionAll(claimed, completed, stored).orderBy(sql`id`).prepare();
  return (after: number): TaskHistory[] =>
    readTasks.all({ after }).map((task: StoredTask) => ({ task, log: readLog.all({ taskId: task.id }) }));
}

/** Every task of the file with its log, in order of id, a page at a time so that memory does not grow with the file. */
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

import { sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/sqlite-core';
import { UserError } from '../core/errors.js';
import type { TaskStatus } from '../core/task.js';
import { type Connection, openForReading } from '../db/sqlite/connection.js';
import { assertOurs, assertThere, databasePath } from '../db/sqlite/database-file.js';
import { toUserError } from '../db/sqlite/errors.js';
import { migrationsOf } from '../db/sqlite/migrate.js';
import { taskLogs, tasks } from '../db/sqlite/schema.js';
import { derivedLog } from '../repositories/sqlite/operations/task-log.js';
import { bound, columnsOf, rowMapper } from '../repositories/sqlite/rows.js';
import { readMarks } from './high-water-marks.js';
import { endLine, headerLine, taskLine } from './transfer/lines.js';
import type { TransferLogEntry, TransferTask } from './transfer/transfer-task.js';

/** Which tasks to export, and whether with their logs; default: all of them without. */
export interface ExportOptions {
  statuses?: readonly TaskStatus[] | undefined;
  types?: readonly string[] | undefined;
  logs?: boolean | undefined;
}

const COLUMNS = columnsOf('transfer');

const toTransferTasks = rowMapper<Omit<TransferTask, 'log'>>(COLUMNS);

/** Row by row: memory must not grow with the file, nor with the size of payloads. */
const READ_TASKS = `
  select ${Object.values(COLUMNS).map(({ name }) => name)}
  from tasks
  where (@statuses is null or status in (select value from json_each(@statuses)))
    and (@types is null or type in (select value from json_each(@types)))
  order by id`;

function logReader(connection: Connection): (taskId: number) => TransferLogEntry[] {
  const { claimed, completed } = derivedLog(connection, sql`${tasks.id} = ${bound('taskId')}`);
  const stored = connection.db
    .select()
    .from(taskLogs)
    .where(sql`${taskLogs.taskId} = ${bound('taskId')}`);
  const read = unionAll(claimed, completed, stored).orderBy(sql`id`).prepare();
  return (taskId) => read.all({ taskId });
}

function assertReadable({ client }: Connection): void {
  assertOurs(client);
  const { applied, all } = migrationsOf(client);
  if (applied === all) return;
  throw new UserError(
    `${client.name} is of an older version of Spoolite: start a server or a worker of this version on it first.`,
  );
}

const listOrNull = (values: readonly string[] | undefined): string | null =>
  values === undefined ? null : JSON.stringify(values);

/** The lines, all from one snapshot. */
function* linesOf(
  connection: Connection,
  { statuses, types, logs = false }: ExportOptions,
): Generator<string> {
  const { client } = connection;
  const readLog = logReader(connection);
  yield headerLine({ lastId: readMarks(client)?.taskId ?? 0, hasLogs: logs });
  let count = 0;
  const filter = { statuses: listOrNull(statuses), types: listOrNull(types) };
  for (const row of client.prepare<[object], unknown[]>(READ_TASKS).raw().iterate(filter)) {
    for (const task of toTransferTasks([row])) yield taskLine(task, logs ? readLog(task.id) : null);
    count++;
  }
  yield endLine(count);
}

/**
 * The tasks of a database, in use or not, as lines of text: a header, one line per task, a last line. All come from one
 * snapshot. The database stays usable; only its write-ahead log cannot be emptied until the last line is read. Throws
 * `UserError`.
 */
export function* exportTasks(database: string, options: ExportOptions): Generator<string> {
  const file = databasePath(database);
  assertThere(file);
  let connection: Connection | undefined;
  try {
    connection = openForReading(file);
    assertReadable(connection);
    connection.client.exec('begin');
    yield* linesOf(connection, options);
  } catch (error) {
    throw toUserError(file, error, true);
  } finally {
    connection?.client.close();
  }
}

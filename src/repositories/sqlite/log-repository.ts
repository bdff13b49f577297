import { and, eq, getTableColumns, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/sqlite-core';
import type { Actor } from '../../core/access.js';
import { taskNotFound } from '../../core/errors.js';
import { BYTE_LIMITS, takeWithin } from '../../core/limits.js';
import { LOG_LEVELS, type LogLevel } from '../../core/task-log.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { taskLogs, tasks } from '../../db/sqlite/schema.js';
import type { Writer } from '../../db/writer/writer.js';
import type { Lease } from '../lease-repository.js';
import type { LogEntry, LogPage, LogQuery, LogRepository, StoredLogEntry } from '../log-repository.js';
import type { SqliteOperations } from './operations/index.js';
import { derivedLog } from './operations/task-log.js';
import { bareRows, bound, rowMapper } from './rows.js';

const toEntries = rowMapper<StoredLogEntry>(getTableColumns(taskLogs));

const lengthOf = ({ message, details }: StoredLogEntry): number => message.length + (details?.length ?? 0);

function* entriesOf(rows: Iterable<unknown[]>): Iterable<StoredLogEntry> {
  for (const row of rows) yield* toEntries([row]);
}

/** One walk per level, over (task_id, level, id); all levels are their merge. Entries derived from the row are info. */
function prepareLists(connection: Connection) {
  const { db } = connection;
  const ofLevel = (level: LogLevel) =>
    db
      .select()
      .from(taskLogs)
      .where(
        and(
          eq(taskLogs.taskId, bound('taskId')),
          sql`${taskLogs.level} = ${sql.raw(`'${level}'`)}`,
          sql`${taskLogs.id} > ${bound('afterId')}`,
        ),
      );
  const limit = sql.placeholder('limit');
  // Built separately for each statement: drizzle modifies the first select of a union.
  const merged = (levels: readonly LogLevel[]) => {
    const { claimed, completed } = derivedLog(
      connection,
      sql`${tasks.id} = ${bound('taskId')}`,
      bound('afterId'),
    );
    return bareRows(
      connection,
      unionAll(claimed, completed, ...levels.map(ofLevel))
        .orderBy(sql`id`)
        .limit(limit),
    );
  };
  const prepareOne = (level: LogLevel) =>
    bareRows(connection, ofLevel(level).orderBy(taskLogs.id).limit(limit));
  return {
    all: merged(LOG_LEVELS),
    debug: prepareOne('debug'),
    info: merged(['info']),
    warning: prepareOne('warning'),
    error: prepareOne('error'),
  };
}

export class SqliteLogRepository implements LogRepository {
  readonly #writer: Writer<SqliteOperations>;
  readonly #lists;
  readonly #taskExists;

  constructor(reader: Connection, writer: Writer<SqliteOperations>) {
    this.#writer = writer;
    this.#lists = prepareLists(reader);
    this.#taskExists = reader.db
      .select({ id: tasks.id })
      .from(tasks)
      .where(eq(tasks.id, bound('id')))
      .prepare();
  }

  async list({ taskId, level, limit, afterId = 0 }: LogQuery): Promise<LogPage> {
    if (!this.#taskExists.get({ id: taskId })) throw taskNotFound(taskId);
    // One more than the page shows whether others follow.
    const rows = this.#lists[level ?? 'all'].each({ taskId, afterId, limit: limit + 1 });
    const within = { limit, characters: BYTE_LIMITS.page };
    const { taken, isCut } = takeWithin(entriesOf(rows), lengthOf, within);
    return { entries: taken, nextAfterId: isCut ? (taken.at(-1)?.id ?? null) : null };
  }

  async append(lease: Lease, entries: readonly LogEntry[], actor?: Actor): Promise<void> {
    await this.#writer.run('appendLogs', { lease, entries }, { weight: entries.length, actor });
  }
}

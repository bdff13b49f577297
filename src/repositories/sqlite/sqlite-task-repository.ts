import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/sqlite-core';
import type { Actor } from '../../core/access.js';
import type { Clock } from '../../core/clock.js';
import { taskNotFound } from '../../core/errors.js';
import { type StoredTask, TASK_STATUSES, textLength } from '../../core/task.js';
import type { TaskRequest } from '../../core/task-request.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks } from '../../db/sqlite/schema.js';
import type { ReadSharing } from '../../db/sqlite/snapshot.js';
import type { Writer } from '../../db/sqlite/writer/writer.js';
import type { Cancelled, Enqueued, IdPage, TaskFilter, TaskRepository } from '../task-repository.js';
import { bound } from './bound.js';
import { listByReason } from './list-by-reason.js';
import type { SqliteOperations } from './operations/index.js';
import { rememberedPositions } from './remembered-positions.js';
import { TaskCache, type TaskVersion, VERSION_SQL } from './task-cache.js';
import { taskReader } from './task-reader.js';

/** Most tasks read before others have a turn. */
const STEP = 100;

/** Where a list begins that has no page before it. */
const NEWEST = Number.MAX_SAFE_INTEGER;

/** One prepared statement per combination of filters, each walking an index, and nothing but it, down from an id. */
function prepareLists({ db }: Connection) {
  const older = sql`${tasks.id} < ${bound('before')}`;
  const select = (...filters: SQL[]) =>
    db
      .select({ id: tasks.id })
      .from(tasks)
      .where(and(...filters, older));
  const newest = (...filters: SQL[]) =>
    select(...filters)
      .orderBy(desc(tasks.id))
      .limit(sql.placeholder('limit'))
      .prepare();
  const byType = eq(tasks.type, bound('type'));
  const byStatus = eq(tasks.status, bound('status'));
  const ofTypeAnd = (status: string) => select(byType, sql`${tasks.status} = ${sql.raw(`'${status}'`)}`);
  const [first, second, ...rest] = TASK_STATUSES.map(ofTypeAnd) as [
    ReturnType<typeof ofTypeAnd>,
    ReturnType<typeof ofTypeAnd>,
    ...ReturnType<typeof ofTypeAnd>[],
  ];
  return {
    all: newest(),
    ofStatus: newest(byStatus),
    ofBoth: newest(byType, byStatus),
    // A key has one task at most; whatever else is asked is asked of that one.
    ofKey: select(
      eq(tasks.idempotencyKey, bound('idempotencyKey')),
      sql`${tasks.type} = coalesce(${bound('type')}, ${tasks.type})`,
      sql`${tasks.status} = coalesce(${bound('status')}, ${tasks.status})`,
      sql`(${bound('failureReason')} is null or ${tasks.failureReason} = ${bound('failureReason')})`,
    ).prepare(),
    // The index is (type, status, id): SQLite merges the four statuses' walks and stops at the limit.
    ofType: unionAll(first, second, ...rest)
      .orderBy(sql`id desc`)
      .limit(sql.placeholder('limit'))
      .prepare(),
  };
}

export class SqliteTaskRepository implements TaskRepository {
  readonly #writer: Writer<SqliteOperations>;
  readonly #snapshot: ReadSharing;
  readonly #cache = new TaskCache();
  readonly #versionOf;
  readonly #read;
  readonly #lists;
  readonly #listByReason;
  readonly #queuePosition;

  constructor(reader: Connection, writer: Writer<SqliteOperations>, snapshot: ReadSharing, clock: Clock) {
    this.#writer = writer;
    this.#snapshot = snapshot;
    // Past drizzle, which would put an object around the one value that most polls need.
    this.#versionOf = reader.client.prepare(`select ${VERSION_SQL} from tasks where id = ?`).pluck();
    this.#read = taskReader(reader);
    this.#lists = prepareLists(reader);
    this.#listByReason = listByReason(reader, snapshot);
    this.#queuePosition = rememberedPositions(reader, clock);
  }

  async find(id: number): Promise<StoredTask> {
    await this.#snapshot.fresh();
    const version = this.#versionOf.get(id) as TaskVersion | undefined;
    if (version === undefined) throw taskNotFound(id);
    return this.#cache.get(id, version) ?? (this.#readTask(id) as StoredTask);
  }

  async queuePosition(task: StoredTask): Promise<number> {
    return this.#queuePosition(task);
  }

  async findMany(ids: readonly number[]): Promise<StoredTask[]> {
    return [...new Set(ids)].flatMap((id) => this.#remembered(id) ?? this.#readTask(id) ?? []);
  }

  async findSome(ids: readonly number[], characters: number) {
    const tasks: StoredTask[] = [];
    let length = 0;
    for (const [at, id] of ids.entries()) {
      const task = this.#remembered(id) ?? this.#readTask(id);
      if (!task) continue;
      length += textLength(task);
      const isMuch = tasks.length === STEP || (tasks.length > 0 && length > characters);
      if (isMuch) return { tasks, left: ids.slice(at) };
      tasks.push(task);
    }
    return { tasks, left: [] };
  }

  async listIds(filter: TaskFilter, limit: number, before = NEWEST): Promise<IdPage> {
    const { failureReason: reason, idempotencyKey: key } = filter;
    if (reason !== undefined && filter.status !== undefined && filter.status !== 'failed')
      return { ids: [], next: null };
    if (reason !== undefined && key === undefined)
      return this.#listByReason({ reason, type: filter.type, limit, before });
    await this.#snapshot.fresh();
    // One more than is taken tells whether others follow.
    const found = this.#idsOf(filter, limit + 1, before);
    const ids = found.slice(0, limit);
    return { ids, next: found.length > limit ? (ids.at(-1) ?? null) : null };
  }

  enqueue(task: TaskRequest, by?: Actor): Promise<Enqueued> {
    return this.#writer.run('enqueue', task, { by });
  }

  enqueueMany(newTasks: readonly TaskRequest[], by?: Actor): Promise<Enqueued[]> {
    return this.#writer.run('enqueueMany', newTasks, { weight: newTasks.length, by });
  }

  cancel(id: number, by?: Actor): Promise<Cancelled> {
    return this.#writer.run('cancel', { id }, { by });
  }

  retry(id: number, by?: Actor): Promise<StoredTask> {
    return this.#writer.run('retry', { id }, { by });
  }

  #idsOf(filter: TaskFilter, limit: number, before: number): number[] {
    const { status = null, type = null, idempotencyKey = null, failureReason = null } = filter;
    const { all, ofStatus, ofType, ofBoth, ofKey } = this.#lists;
    const [ofAny, ofOne] = type === null ? [all, ofStatus] : [ofType, ofBoth];
    const ofFilters = status === null ? ofAny : ofOne;
    const list = idempotencyKey === null ? ofFilters : ofKey;
    const rows = list.values({ type, status, idempotencyKey, failureReason, limit, before }) as [number][];
    return rows.map(([id]) => id);
  }

  /** The task, if it is remembered as it is now. */
  #remembered(id: number): StoredTask | undefined {
    if (!this.#cache.has(id)) return undefined;
    const version = this.#versionOf.get(id) as TaskVersion | undefined;
    return version === undefined ? undefined : this.#cache.get(id, version);
  }

  #readTask(id: number): StoredTask | undefined {
    const task = this.#read(id);
    if (task) this.#cache.remember(task);
    return task;
  }
}

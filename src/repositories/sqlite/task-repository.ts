import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/sqlite-core';
import type { Actor } from '../../core/access.js';
import type { BulkPreview } from '../../core/bulk.js';
import type { Clock } from '../../core/clock.js';
import { taskNotFound } from '../../core/errors.js';
import { type FailureReason, type StoredTask, TASK_STATUSES, textLength } from '../../core/task.js';
import type { TaskRequest } from '../../core/task-request.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks } from '../../db/sqlite/schema.js';
import type { ReadSharing } from '../../db/sqlite/snapshot.js';
import type { Writer } from '../../db/writer/writer.js';
import { TaskCache, type TaskVersion } from '../shared/task-cache.js';
import type {
  BulkCursor,
  BulkRepository,
  BulkSelection,
  BulkStep,
  Cancelled,
  Enqueued,
  IdPage,
  TaskFilter,
  TaskRepository,
} from '../task-repository.js';
import { bulkSearch } from './bulk-search.js';
import type { BulkResult } from './operations/bulk.js';
import type { SqliteOperations } from './operations/index.js';
import { cachedPositions } from './queue-position.js';
import { bound, taskReader } from './rows.js';

/** Most tasks read before yielding. */
const STEP = 100;

/** The start of a list's first page. */
const NEWEST = Number.MAX_SAFE_INTEGER;

/** {@link TaskVersion} in SQL. */
const VERSION_SQL = "case when lease_until is null then revision else revision || ' ' || lease_until end";

/** One prepared statement per combination of filters, each walking only an index, down from an id. */
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
    // A key has at most one task: the other conditions are checked on it.
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
    // Bypasses drizzle, which would wrap the one value that most polls need in an object.
    this.#versionOf = reader.client.prepare(`select ${VERSION_SQL} from tasks where id = ?`).pluck();
    this.#read = taskReader(reader);
    this.#lists = prepareLists(reader);
    this.#listByReason = listByReason(reader, snapshot);
    this.#queuePosition = cachedPositions(reader, clock);
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
    // One more than the page shows whether others follow.
    const found = this.#idsOf(filter, limit + 1, before);
    const ids = found.slice(0, limit);
    return { ids, next: found.length > limit ? (ids.at(-1) ?? null) : null };
  }

  enqueue(task: TaskRequest, actor?: Actor): Promise<Enqueued> {
    return this.#writer.run('enqueue', task, { actor });
  }

  enqueueMany(newTasks: readonly TaskRequest[], actor?: Actor): Promise<Enqueued[]> {
    return this.#writer.run('enqueueMany', newTasks, { weight: newTasks.length, actor });
  }

  cancel(id: number, actor?: Actor): Promise<Cancelled> {
    return this.#writer.run('cancel', { id }, { actor });
  }

  retry(id: number, actor?: Actor): Promise<StoredTask> {
    return this.#writer.run('retry', { id }, { actor });
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

  /** The task, if its current version is cached. */
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

/** Failed tasks looked at in one turn of the event loop: about a millisecond. */
const SCAN_STEP = 500;

/** Most looked at for one page: the search for a rare reason must not delay other requests. */
const MAX_SCANNED = 10_000;

export interface ReasonQuery {
  reason: FailureReason;
  type?: string | undefined;
  limit: number;
  before: number;
}

type FailedRow = [id: number, reason: FailureReason];

function prepareWalks({ db }: Connection) {
  const failed = (...filters: SQL[]) =>
    db
      .select({ id: tasks.id, failureReason: tasks.failureReason })
      .from(tasks)
      .where(and(...filters, sql`${tasks.status} = 'failed'`, sql`${tasks.id} < ${bound('before')}`))
      .orderBy(desc(tasks.id))
      .limit(sql.placeholder('limit'))
      .prepare();
  return { ofAny: failed(), ofType: failed(sql`${tasks.type} = ${bound('type')}`) };
}

/**
 * Lists the failed tasks of one reason, newest first. No index has reasons, so that it looks at failed tasks step by
 * step; if the first 10,000 do not fill a page, it ends early.
 */
export function listByReason(connection: Connection, snapshot: ReadSharing) {
  const { ofAny, ofType } = prepareWalks(connection);
  return async ({ reason, type, limit, before }: ReasonQuery): Promise<IdPage> => {
    const walk = type === undefined ? ofAny : ofType;
    const ids: number[] = [];
    let from = before;
    for (let looked = 0; looked < MAX_SCANNED; looked += SCAN_STEP) {
      // Also yields to other work.
      await snapshot.fresh();
      const rows = walk.values({ type, before: from, limit: SCAN_STEP }) as FailedRow[];
      for (const [id] of rows.filter(([, of]) => of === reason)) {
        // One more than the page shows that others follow.
        if (ids.length === limit) return { ids, next: ids.at(-1) as number };
        ids.push(id);
      }
      if (rows.length < SCAN_STEP) return { ids, next: null };
      from = (rows.at(-1) as FailedRow)[0];
    }
    return { ids, next: from };
  };
}

export class SqliteBulkRepository implements BulkRepository {
  readonly #writer: Writer<SqliteOperations>;
  readonly #newestId;
  readonly #search;

  constructor(reader: Connection, writer: Writer<SqliteOperations>) {
    this.#writer = writer;
    this.#newestId = reader.client.prepare('select max(id) from tasks').pluck();
    this.#search = bulkSearch(reader);
  }

  async newestId(): Promise<number> {
    return (this.#newestId.get() as number | null) ?? 0;
  }

  async countBatch(selection: BulkSelection, after: number): Promise<BulkPreview & { after: BulkCursor }> {
    const { ids, ...page } = this.#search(selection, after);
    return { matched: ids.length, ...page };
  }

  applyBatch(step: BulkStep): Promise<BulkResult> {
    return this.#writer.run('bulk', step, { weight: step.most, actor: step.request?.actor });
  }
}

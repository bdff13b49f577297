import {
  type BulkAction,
  type BulkFilter,
  type BulkOptions,
  type BulkPreview,
  changeMany,
  previewMany,
} from './bulk.js';
import { type ApiRequest, type ClientOptions, Connection, checkedOptions } from './connection.js';
import { EventReader, reconnectingEvents } from './events.js';
import type {
  AuditPageQuery,
  AuditQuery,
  CallOptions,
  Changes,
  ChangesQuery,
  EventsQuery,
  HistoryQuery,
  ListQuery,
  LogPageQuery,
  LogQuery,
  Page,
  PageQuery,
  TaskEvent,
  TypeStatsQuery,
  WaitOptions,
} from './queries.js';
import type {
  Acknowledged,
  AuditEntry,
  Diagnosis,
  DueStats,
  Enqueued,
  HistorySpan,
  LogEntry,
  QueueStats,
  Session,
  TypeStats,
  WorkerState,
} from './replies.js';
import { enqueueBody, fromResource, idsParameter, nextCursor, readAllPages } from './resources.js';
import { WaitMultiplexer } from './shared-poll.js';
import type { TaskQueue } from './task-queue.js';
import type {
  AnyNewTask,
  AnyTasks,
  CompletedTask,
  NewTask,
  TaskId,
  TaskOf,
  TaskTypes,
  TypeOf,
} from './task-types.js';
import { waitForEnd, watchStates } from './wait.js';

/**
 * A client of the server at `url`. Its type parameter maps the program's task types: `createClient<Tasks>({ url })`.
 * Throws `TypeError` for an invalid URL, and for unknown or invalid options.
 */
export const createClient = <Tasks extends TaskTypes<Tasks> = AnyTasks>(
  options?: ClientOptions,
): SpooliteClient<Tasks> => new SpooliteClient<Tasks>(checkedOptions(options));

/** For calls without a signal. */
const NEVER_ABORTED = new AbortController().signal;

/** Page size of requests that the caller does not see. */
const PAGE_SIZE = 100;

/** Page size of requests for workers. */
const WORKERS_PER_PAGE = 1000;

const fromResources = <Resource>(resources: unknown): Resource[] =>
  (resources as object[]).map((resource) => fromResource<Resource>(resource));

/** A queue over HTTP. Calls reject with `ApiError` on a refusal, and with `ConnectionError` without a reply. */
export class SpooliteClient<Tasks extends TaskTypes<Tasks> = AnyTasks> implements TaskQueue<Tasks> {
  readonly #connection: Connection;
  readonly #waits: WaitMultiplexer;
  readonly #traceparent: ClientOptions['traceparent'];

  /** Throws `TypeError` for an invalid URL. Does not connect yet. */
  constructor(options: ClientOptions = {}) {
    this.#connection = new Connection(options);
    this.#waits = new WaitMultiplexer(this.#connection);
    this.#traceparent = options.traceparent;
  }

  async enqueue<Type extends TypeOf<Tasks>>(
    task: NewTask<Tasks, Type>,
    options?: CallOptions,
  ): Promise<Enqueued<Type>> {
    const isRepeatable = typeof task.idempotencyKey === 'string';
    const headers = this.#traceHeaders();
    return this.#post('/enqueue', { ...options, headers, body: enqueueBody(task), isRepeatable });
  }

  async enqueueMany(
    tasks: readonly AnyNewTask<Tasks>[],
    options?: CallOptions,
  ): Promise<Enqueued<TypeOf<Tasks>>[]> {
    const isRepeatable = tasks.every(({ idempotencyKey }) => typeof idempotencyKey === 'string');
    const headers = this.#traceHeaders();
    const request = { ...options, headers, body: { tasks: tasks.map(enqueueBody) }, isRepeatable };
    const { tasks: enqueued } = await this.#post<{ tasks: object[] }>('/enqueue/batch', request);
    return fromResources(enqueued);
  }

  async get<Type extends TypeOf<Tasks> = TypeOf<Tasks>>(
    id: TaskId<Type> | number,
    { signal }: CallOptions = {},
  ): Promise<TaskOf<Tasks, Type>> {
    return this.#get(`/tasks/${id}`, { signal });
  }

  async getMany(ids: readonly number[], { signal }: CallOptions = {}): Promise<TaskOf<Tasks>[]> {
    // An empty list would be no filter.
    if (ids.length === 0) return [];
    return this.#getAll('/tasks', { query: { ids: ids.join() }, signal });
  }

  list({ limit = PAGE_SIZE, ...query }: ListQuery<Tasks> = {}): AsyncGenerator<TaskOf<Tasks>, undefined> {
    return readAllPages((cursor) => this.page({ ...query, limit, cursor }));
  }

  async page(query: PageQuery<Tasks> = {}): Promise<Page<TaskOf<Tasks>>> {
    const { signal, idempotencyKey, failureReason, ...rest } = query;
    const named = { idempotency_key: idempotencyKey, failure_reason: failureReason };
    return this.#page('/tasks', { query: { ...rest, ...named }, signal });
  }

  async cancel(id: number, options?: CallOptions): Promise<Acknowledged> {
    return this.#post(`/tasks/${id}/cancel`, options);
  }

  async retry(id: number, options?: CallOptions): Promise<Acknowledged> {
    return this.#post(`/tasks/${id}/retry`, options);
  }

  async countMatching(action: BulkAction, filter: BulkFilter<Tasks>, options?: CallOptions): Promise<number> {
    return (await this.previewMany(action, filter, options)).matched;
  }

  async previewMany(
    action: BulkAction,
    filter: BulkFilter<Tasks>,
    { signal }: CallOptions = {},
  ): Promise<BulkPreview> {
    return previewMany(this.#connection, action, filter, signal);
  }

  async cancelMany(filter: BulkFilter<Tasks>, options: BulkOptions): Promise<number> {
    return changeMany(this.#connection, 'cancel', filter, options);
  }

  async retryMany(filter: BulkFilter<Tasks>, options: BulkOptions): Promise<number> {
    return changeMany(this.#connection, 'retry', filter, options);
  }

  async deleteMany(filter: BulkFilter<Tasks>, options: BulkOptions): Promise<number> {
    return changeMany(this.#connection, 'delete', filter, options);
  }

  watch<Type extends TypeOf<Tasks> = TypeOf<Tasks>>(
    id: TaskId<Type> | number,
    { signal = NEVER_ABORTED }: CallOptions = {},
  ): AsyncGenerator<TaskOf<Tasks, Type>, undefined> {
    return watchStates<TaskOf<Tasks, Type>>(this.#connection, id, signal);
  }

  async waitFor<Type extends TypeOf<Tasks> = TypeOf<Tasks>>(
    id: TaskId<Type> | number,
    options: WaitOptions<TaskOf<Tasks, Type>> = {},
  ): Promise<CompletedTask<Tasks, Type>> {
    const onlyEnd = options.onProgress === undefined;
    const statesUntil = (signal: AbortSignal) =>
      this.#waits.states<TaskOf<Tasks, Type>>(id, { signal, onlyEnd });
    return (await waitForEnd(id, statesUntil, options)) as CompletedTask<Tasks, Type>;
  }

  logs(id: number, { level, signal }: LogQuery = {}): AsyncGenerator<LogEntry, undefined> {
    return readAllPages((cursor) => this.logPage(id, { level, limit: PAGE_SIZE, cursor, signal }));
  }

  async logPage(id: number, { signal, ...query }: LogPageQuery = {}): Promise<Page<LogEntry>> {
    return this.#page(`/tasks/${id}/logs`, { query, signal });
  }

  async changes(query: ChangesQuery<Tasks> = {}): Promise<Changes<TaskOf<Tasks>>> {
    const { signal, waitSeconds, ids, ...rest } = query;
    const { body } = await this.#connection.request({
      path: '/changes',
      query: { ...rest, ids: idsParameter(ids), wait: waitSeconds },
      waitSeconds,
      signal,
    });
    const { changes, cursor, gone } = body as { changes: object[]; cursor: string; gone?: number[] };
    return { changes: fromResources(changes), cursor, ...(gone && { gone }) };
  }

  events(query: EventsQuery<Tasks> = {}): AsyncGenerator<TaskEvent<TaskOf<Tasks>>, undefined> {
    const { type, status, ids, cursor, ...options } = query;
    const request = {
      path: '/events',
      query: { type, status, ids: idsParameter(ids) },
      signal: options.signal,
    };
    return reconnectingEvents(new EventReader(this.#connection, request, cursor), options);
  }

  async stats({ signal }: CallOptions = {}): Promise<QueueStats> {
    return this.#get('/stats', { signal });
  }

  async dueStats({ signal }: CallOptions = {}): Promise<DueStats> {
    return this.#get('/stats/due', { signal });
  }

  async statsByType({ signal, ...query }: TypeStatsQuery = {}): Promise<TypeStats[]> {
    return this.#getAll('/stats/types', { query: { ...query }, signal });
  }

  async history({ signal, ...query }: HistoryQuery = {}): Promise<HistorySpan[]> {
    return this.#getAll('/stats/history', { query: { ...query }, signal });
  }

  async workers({ signal }: CallOptions = {}): Promise<WorkerState[]> {
    const found: WorkerState[] = [];
    const read = (cursor: string | null) =>
      this.#page<WorkerState>('/workers', { query: { limit: WORKERS_PER_PAGE, cursor }, signal });
    for await (const worker of readAllPages(read)) found.push(worker);
    return found;
  }

  /** Who changed what, newest first. Needs the scope `admin`. */
  audit({ limit = PAGE_SIZE, ...query }: AuditQuery = {}): AsyncGenerator<AuditEntry, undefined> {
    return readAllPages((cursor) => this.auditPage({ ...query, limit, cursor }));
  }

  /** One page of it; with a filter that rarely matches, it may be short or empty without being the last. */
  async auditPage({ signal, taskId, ...query }: AuditPageQuery = {}): Promise<Page<AuditEntry>> {
    return this.#page('/api/audit', { query: { ...query, task_id: taskId }, signal });
  }

  /** The identity of the client, by its key or, in a browser, by the session cookie. */
  async session({ signal }: CallOptions = {}): Promise<Session> {
    return this.#get('/api/session', { signal });
  }

  /** Signs in the browser of the calling page, which stores a cookie for the key and sends it from now on. */
  async signIn(key: string, { signal }: CallOptions = {}): Promise<Session> {
    return this.#post('/api/session', { body: { key }, signal });
  }

  /** Signs the browser out. */
  async signOut({ signal }: CallOptions = {}): Promise<void> {
    await this.#connection.request({ method: 'DELETE', path: '/api/session', isRepeatable: true, signal });
  }

  /**
   * Checks the database, or returns findings of the last minute. A large database takes longer than a reply may: then
   * `running` is true, and the call is to be repeated.
   */
  async diagnose({ fresh, signal }: CallOptions & { fresh?: boolean } = {}): Promise<Diagnosis> {
    return this.#get('/api/doctor', { query: { fresh: fresh ? 'true' : undefined }, signal });
  }

  async #get<Resource>(path: string, request: Omit<ApiRequest, 'path'>): Promise<Resource> {
    const { body } = await this.#connection.request({ ...request, path });
    return fromResource(body as object);
  }

  async #getAll<Resource>(path: string, request: Omit<ApiRequest, 'path'>): Promise<Resource[]> {
    const { body } = await this.#connection.request({ ...request, path });
    return fromResources(body);
  }

  async #page<Item>(path: string, request: Omit<ApiRequest, 'path'>): Promise<Page<Item>> {
    const { body, headers } = await this.#connection.request({ ...request, path });
    return { items: fromResources(body), next: nextCursor(headers) };
  }

  #traceHeaders(): Record<string, string> {
    const traceparent = this.#traceparent?.();
    return traceparent ? { traceparent } : {};
  }

  #post<Resource>(path: string, request: Omit<ApiRequest, 'path'> = {}): Promise<Resource> {
    return this.#get(path, { ...request, method: 'POST' });
  }
}

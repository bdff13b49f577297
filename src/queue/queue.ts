import { isSpanContextValid, trace } from '@opentelemetry/api';
import {
  type BulkAction,
  type BulkFilter,
  type BulkOptions,
  type BulkPreview,
  bulkFilterBody,
} from '../client/bulk.js';
import type {
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
} from '../client/queries.js';
import type {
  Acknowledged,
  DueStats,
  Enqueued,
  HistorySpan,
  LogEntry,
  QueueStats,
  TypeStats,
  WorkerState,
} from '../client/replies.js';
import { enqueueBody, fromResource, readAllPages } from '../client/resources.js';
import type { TaskQueue } from '../client/task-queue.js';
import type {
  AnyNewTask,
  AnyTasks,
  CompletedTask,
  NewTask,
  TaskId,
  TaskOf,
  TaskTypes,
  TypeOf,
} from '../client/task-types.js';
import { waitForEnd } from '../client/wait.js';
import type { Clock } from '../core/clock.js';
import { SpooliteError } from '../core/errors.js';
import { toTask } from '../core/task.js';
import { formatTraceparent } from '../core/traceparent.js';
import type { Repositories, Storage } from '../repositories/storage.js';
import type { BulkRepository } from '../repositories/task-repository.js';
import { BulkChange, type BulkFilterFields, bulkBodies, toBulkFilter } from '../services/bulk-change.js';
import { throwWithinTasks } from '../services/new-task.js';
import { QueueEstimates } from '../services/queue-estimates.js';
import {
  cancelledResource,
  enqueuedResource,
  retriedResource,
  workerResource,
} from '../services/resources.js';
import {
  dueResource,
  historyQuery,
  lastMinutes,
  type SpanQuery,
  spanResource,
  statsResource,
  type TypesQuery,
  typeResource,
  typeStatsQuery,
} from '../services/stats.js';
import { ChangeFeed } from './change-feed.js';
import { PendingWaits } from './pending-waits.js';
import { checked, checkedId, logPage, newTaskOf, newTasksOf, taskPage, tasksByIds } from './requests.js';

/** A queue directly on the database file, without a server. Refusals reject with `SpooliteError`. */
export class Queue<Tasks extends TaskTypes<Tasks> = AnyTasks> implements TaskQueue<Tasks> {
  readonly #repositories: Repositories;
  readonly #clock: Clock;
  readonly #estimate: QueueEstimates;
  readonly #waits = new PendingWaits();
  readonly #feed: ChangeFeed;
  readonly #bulk: BulkCalls;

  constructor({ repositories, onCommit }: Pick<Storage, 'repositories' | 'onCommit'>, clock: Clock) {
    this.#repositories = repositories;
    this.#clock = clock;
    this.#estimate = new QueueEstimates(repositories, clock);
    this.#bulk = new BulkCalls(repositories.bulk, this.#waits);
    this.#feed = new ChangeFeed(repositories, onCommit, this.#waits);
  }

  async enqueue<Type extends TypeOf<Tasks>>(
    task: NewTask<Tasks, Type>,
    { signal }: CallOptions = {},
  ): Promise<Enqueued<Type>> {
    this.#waits.throwIfOver(signal);
    const newTask = { ...newTaskOf(enqueueBody(task)), traceparent: currentTraceparent() };
    return fromResource(enqueuedResource(await this.#repositories.tasks.enqueue(newTask)));
  }

  async enqueueMany(
    tasks: readonly AnyNewTask<Tasks>[],
    { signal }: CallOptions = {},
  ): Promise<Enqueued<TypeOf<Tasks>>[]> {
    this.#waits.throwIfOver(signal);
    const traceparent = currentTraceparent();
    const newTasks = newTasksOf(tasks.map(enqueueBody)).map((task) => ({ ...task, traceparent }));
    const enqueued = await this.#repositories.tasks.enqueueMany(newTasks).catch(throwWithinTasks);
    return enqueued.map((one) => fromResource(enqueuedResource(one)));
  }

  async get<Type extends TypeOf<Tasks> = TypeOf<Tasks>>(
    id: TaskId<Type> | number,
    { signal }: CallOptions = {},
  ): Promise<TaskOf<Tasks, Type>> {
    this.#waits.throwIfOver(signal);
    const stored = await this.#repositories.tasks.find(checkedId(id));
    const task = toTask(stored) as unknown as TaskOf<Tasks, Type>;
    if (stored.status !== 'queued') return task;
    const { position, estimatedStart } = await this.#estimate.of(stored);
    const start = estimatedStart === null ? null : new Date(estimatedStart);
    return { ...task, queuePosition: position, estimatedStart: start };
  }

  async getMany(ids: readonly number[], { signal }: CallOptions = {}): Promise<TaskOf<Tasks>[]> {
    this.#waits.throwIfOver(signal);
    return tasksByIds(this.#repositories.tasks, ids);
  }

  list(query: ListQuery<Tasks> = {}): AsyncGenerator<TaskOf<Tasks>, undefined> {
    return readAllPages((cursor) => this.page({ ...query, cursor }));
  }

  async page({ signal, ...query }: PageQuery<Tasks> = {}): Promise<Page<TaskOf<Tasks>>> {
    this.#waits.throwIfOver(signal);
    return taskPage(this.#repositories.tasks, query);
  }

  async cancel(id: number, { signal }: CallOptions = {}): Promise<Acknowledged> {
    this.#waits.throwIfOver(signal);
    return fromResource(cancelledResource(await this.#repositories.tasks.cancel(checkedId(id))));
  }

  async retry(id: number, { signal }: CallOptions = {}): Promise<Acknowledged> {
    this.#waits.throwIfOver(signal);
    return fromResource(retriedResource(await this.#repositories.tasks.retry(checkedId(id))));
  }

  async countMatching(action: BulkAction, filter: BulkFilter<Tasks>, options?: CallOptions): Promise<number> {
    return (await this.previewMany(action, filter, options)).matched;
  }

  async previewMany(
    action: BulkAction,
    filter: BulkFilter<Tasks>,
    options: CallOptions = {},
  ): Promise<BulkPreview> {
    return this.#bulk.preview(action, filter, options);
  }

  async cancelMany(filter: BulkFilter<Tasks>, options: BulkOptions): Promise<number> {
    return this.#bulk.run('cancel', filter, options);
  }

  async retryMany(filter: BulkFilter<Tasks>, options: BulkOptions): Promise<number> {
    return this.#bulk.run('retry', filter, options);
  }

  async deleteMany(filter: BulkFilter<Tasks>, options: BulkOptions): Promise<number> {
    return this.#bulk.run('delete', filter, options);
  }

  watch<Type extends TypeOf<Tasks> = TypeOf<Tasks>>(
    id: TaskId<Type> | number,
    { signal }: CallOptions = {},
  ): AsyncGenerator<TaskOf<Tasks, Type>, undefined> {
    return this.#feed.states(id, signal) as AsyncGenerator<never, undefined>;
  }

  async waitFor<Type extends TypeOf<Tasks> = TypeOf<Tasks>>(
    id: TaskId<Type> | number,
    options: WaitOptions<TaskOf<Tasks, Type>> = {},
  ): Promise<CompletedTask<Tasks, Type>> {
    const statesUntil = (signal: AbortSignal) => this.watch(id, { signal });
    return (await waitForEnd(id, statesUntil, options)) as CompletedTask<Tasks, Type>;
  }

  logs(id: number, { level, signal }: LogQuery = {}): AsyncGenerator<LogEntry, undefined> {
    return readAllPages((cursor) => this.logPage(id, { level, cursor, signal }));
  }

  async logPage(id: number, { signal, ...query }: LogPageQuery = {}): Promise<Page<LogEntry>> {
    this.#waits.throwIfOver(signal);
    return logPage(this.#repositories.logs, checkedId(id), query);
  }

  async changes(query: ChangesQuery<Tasks> = {}): Promise<Changes<TaskOf<Tasks>>> {
    return (await this.#feed.page(query as ChangesQuery<AnyTasks>)) as unknown as Changes<TaskOf<Tasks>>;
  }

  events(query: EventsQuery<Tasks> = {}): AsyncGenerator<TaskEvent<TaskOf<Tasks>>, undefined> {
    return this.#feed.events(query as EventsQuery<AnyTasks>) as AsyncGenerator<never, undefined>;
  }

  async stats({ signal }: CallOptions = {}): Promise<QueueStats> {
    this.#waits.throwIfOver(signal);
    return fromResource(statsResource(await this.#repositories.stats.overview(), this.#clock.now()));
  }

  async dueStats({ signal }: CallOptions = {}): Promise<DueStats> {
    this.#waits.throwIfOver(signal);
    return fromResource(dueResource(await this.#repositories.stats.oldestDue(), this.#clock.now()));
  }

  async statsByType({ signal, ...query }: TypeStatsQuery = {}): Promise<TypeStats[]> {
    this.#waits.throwIfOver(signal);
    const { limit, after } = checked<TypesQuery>(typeStatsQuery, query);
    const types = await this.#repositories.stats.byType(limit, after);
    return types.map((one) => fromResource(typeResource(one)));
  }

  async history({ signal, ...query }: HistoryQuery = {}): Promise<HistorySpan[]> {
    this.#waits.throwIfOver(signal);
    const span = lastMinutes(checked<SpanQuery>(historyQuery, query), this.#clock.now());
    return (await this.#repositories.stats.history(...span)).map((one) => fromResource(spanResource(one)));
  }

  async workers({ signal }: CallOptions = {}): Promise<WorkerState[]> {
    this.#waits.throwIfOver(signal);
    return (await this.#repositories.workers.list()).map((one) => fromResource(workerResource(one)));
  }

  /** Ends every wait. The owner of the file closes it. */
  endWaits(): void {
    this.#waits.close();
  }
}

interface BulkBody {
  filter: BulkFilterFields;
  expected: number;
}

/** Changes of many tasks without a server. */
export class BulkCalls {
  readonly #change: BulkChange;
  readonly #waits: PendingWaits;

  constructor(repository: BulkRepository, waits: PendingWaits) {
    this.#change = new BulkChange(repository);
    this.#waits = waits;
  }

  async preview(action: BulkAction, filter: object, { signal }: CallOptions): Promise<BulkPreview> {
    this.#waits.throwIfOver(signal);
    const body = checked<BulkBody>(bulkBodies[action], { filter: bulkFilterBody(filter) });
    return this.#change.count(action, toBulkFilter(body.filter), signal);
  }

  async run(action: BulkAction, filter: object, options: BulkOptions): Promise<number> {
    const { expected, signal, onProgress } = options;
    this.#waits.throwIfOver(signal);
    const body = checked<BulkBody>(bulkBodies[action], { filter: bulkFilterBody(filter), expected });
    const command = { action, filter: toBulkFilter(body.filter), expected: body.expected };
    const { done, cursor, error } = await this.#change.run(command, { signal, onProgress });
    if (cursor === null) return done;
    this.#waits.throwIfOver(signal);
    throw new SpooliteError('NOT_READY', `stopped after ${done} tasks: ${error}`);
  }
}

/** The `traceparent` of OpenTelemetry's active span; null if there is none. */
export function currentTraceparent(): string | null {
  const context = trace.getActiveSpan()?.spanContext();
  return context && isSpanContextValid(context) ? formatTraceparent(context) : null;
}

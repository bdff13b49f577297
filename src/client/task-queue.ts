import type { BulkAction, BulkFilter, BulkOptions, BulkPreview } from './bulk.js';
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
} from './queries.js';
import type {
  Acknowledged,
  DueStats,
  Enqueued,
  HistorySpan,
  LogEntry,
  QueueStats,
  TypeStats,
  WorkerState,
} from './replies.js';
import type { AnyNewTask, CompletedTask, NewTask, TaskId, TaskOf, TypeOf } from './task-types.js';

/**
 * A queue as those see it who enqueue tasks and ask for them, over HTTP or on the file itself. What is refused rejects
 * with an Error whose `code` is one of the closed list, such as `TASK_NOT_FOUND` or `VALIDATION_FAILED`.
 */
export interface TaskQueue<Tasks> {
  /** Resolves once the task is stored. */
  enqueue<Type extends TypeOf<Tasks>>(
    task: NewTask<Tasks, Type>,
    options?: CallOptions,
  ): Promise<Enqueued<Type>>;
  /** Up to 1000, all or none, in order. */
  enqueueMany(tasks: readonly AnyNewTask<Tasks>[], options?: CallOptions): Promise<Enqueued<TypeOf<Tasks>>[]>;

  get<Type extends TypeOf<Tasks> = TypeOf<Tasks>>(
    id: TaskId<Type> | number,
    options?: CallOptions,
  ): Promise<TaskOf<Tasks, Type>>;
  /** Up to 1000, each once and in this order; ids that do not exist are left out. */
  getMany(ids: readonly number[], options?: CallOptions): Promise<TaskOf<Tasks>[]>;
  /** All tasks that match, newest first; read page by page as they are taken. */
  list(query?: ListQuery<Tasks>): AsyncIterableIterator<TaskOf<Tasks>>;
  /** One page of that list. */
  page(query?: PageQuery<Tasks>): Promise<Page<TaskOf<Tasks>>>;

  /** Cancels a live task; one that is done stays as it is. */
  cancel(id: number, options?: CallOptions): Promise<Acknowledged>;
  /** Queues a finished task again, with fresh attempts. Rejects with `TASK_NOT_FINISHED` on a live one. */
  retry(id: number, options?: CallOptions): Promise<Acknowledged>;

  /** How many tasks a change of many would meet now. */
  countMatching(action: BulkAction, filter: BulkFilter<Tasks>, options?: CallOptions): Promise<number>;
  /** The same, with the reasons for which those have failed. */
  previewMany(action: BulkAction, filter: BulkFilter<Tasks>, options?: CallOptions): Promise<BulkPreview>;
  /**
   * Cancels all live tasks that match, in small transactions; resolves to how many. Rejects with `COUNT_CHANGED`, and changes
   * nothing, when more match than are expected.
   */
  cancelMany(filter: BulkFilter<Tasks>, options: BulkOptions): Promise<number>;
  /**
   * Queues failed tasks that match again likewise; completed ones only where `status` says so, cancelled ones only where `ids`
   * or `failureReason` name them.
   */
  retryMany(filter: BulkFilter<Tasks>, options: BulkOptions): Promise<number>;
  /** Deletes finished tasks that match likewise, with their logs and results. */
  deleteMany(filter: BulkFilter<Tasks>, options: BulkOptions): Promise<number>;

  /** The task as it is, then each of its later states, until it is done. States in quick succession may come as one. */
  watch<Type extends TypeOf<Tasks> = TypeOf<Tasks>>(
    id: TaskId<Type> | number,
    options?: CallOptions,
  ): AsyncIterableIterator<TaskOf<Tasks, Type>>;
  /**
   * Resolves to the task once it is completed. Rejects with `TaskCancelled` or another `TaskFailed` when it has failed,
   * with `WaitTimeout` when that took longer than `timeout` milliseconds, and with the signal's reason.
   */
  waitFor<Type extends TypeOf<Tasks> = TypeOf<Tasks>>(
    id: TaskId<Type> | number,
    options?: WaitOptions<TaskOf<Tasks, Type>>,
  ): Promise<CompletedTask<Tasks, Type>>;
  /** Everything that happened to a task, oldest first; read page by page as it is taken. */
  logs(id: number, query?: LogQuery): AsyncIterableIterator<LogEntry>;
  /** One page of that, for whoever shows a long log piece by piece. */
  logPage(id: number, query?: LogPageQuery): Promise<Page<LogEntry>>;

  /** What has changed since a cursor; nothing is ever missed. */
  changes(query?: ChangesQuery<Tasks>): Promise<Changes<TaskOf<Tasks>>>;
  /** Every change of any task from now on, until the loop that takes them is left. */
  events(query?: EventsQuery<Tasks>): AsyncIterableIterator<TaskEvent<TaskOf<Tasks>>>;

  stats(options?: CallOptions): Promise<QueueStats>;
  /** How long due tasks wait; those scheduled for later do not count. */
  dueStats(options?: CallOptions): Promise<DueStats>;
  /** In alphabetical order of the types. */
  statsByType(query?: TypeStatsQuery): Promise<TypeStats[]>;
  /** Oldest first. */
  history(query?: HistoryQuery): Promise<HistorySpan[]>;
  /** Newest first. */
  workers(options?: CallOptions): Promise<WorkerState[]>;
}

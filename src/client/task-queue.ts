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
 * A queue for enqueuing and querying tasks, over HTTP or on the file itself. Refusals reject with an Error whose `code`
 * is one of the closed list, such as `TASK_NOT_FOUND` or `VALIDATION_FAILED`.
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
  /** All tasks that match, newest first; pages are read as needed. */
  list(query?: ListQuery<Tasks>): AsyncIterableIterator<TaskOf<Tasks>>;
  /** One page of that list. */
  page(query?: PageQuery<Tasks>): Promise<Page<TaskOf<Tasks>>>;

  /** Cancels a live task; one that is done stays as it is. */
  cancel(id: number, options?: CallOptions): Promise<Acknowledged>;
  /** Queues a finished task again, with fresh attempts. Rejects with `TASK_NOT_FINISHED` on a live one. */
  retry(id: number, options?: CallOptions): Promise<Acknowledged>;

  /** How many tasks a bulk change would affect now. */
  countMatching(action: BulkAction, filter: BulkFilter<Tasks>, options?: CallOptions): Promise<number>;
  /** The same, with the counts by failure reason. */
  previewMany(action: BulkAction, filter: BulkFilter<Tasks>, options?: CallOptions): Promise<BulkPreview>;
  /**
   * Cancels all live tasks that match, in small transactions; resolves to their number. Rejects with `COUNT_CHANGED`,
   * and changes nothing, if more match than expected.
   */
  cancelMany(filter: BulkFilter<Tasks>, options: BulkOptions): Promise<number>;
  /**
   * Likewise queues failed tasks that match again; completed ones only if `status` names it, cancelled ones only if
   * `ids` or `failureReason` name them.
   */
  retryMany(filter: BulkFilter<Tasks>, options: BulkOptions): Promise<number>;
  /** Likewise deletes finished tasks that match, with their logs and results. */
  deleteMany(filter: BulkFilter<Tasks>, options: BulkOptions): Promise<number>;

  /** The current task, then each of its later states, until it is done. States in quick succession may come as one. */
  watch<Type extends TypeOf<Tasks> = TypeOf<Tasks>>(
    id: TaskId<Type> | number,
    options?: CallOptions,
  ): AsyncIterableIterator<TaskOf<Tasks, Type>>;
  /**
   * Resolves to the task once it is completed. Rejects with `TaskCancelled` or another `TaskFailed` if it has failed,
   * with `WaitTimeout` after `timeout` milliseconds, and with the signal's reason.
   */
  waitFor<Type extends TypeOf<Tasks> = TypeOf<Tasks>>(
    id: TaskId<Type> | number,
    options?: WaitOptions<TaskOf<Tasks, Type>>,
  ): Promise<CompletedTask<Tasks, Type>>;
  /** The log of a task, oldest first; pages are read as needed. */
  logs(id: number, query?: LogQuery): AsyncIterableIterator<LogEntry>;
  /** One page of the log, for a piecemeal display. */
  logPage(id: number, query?: LogPageQuery): Promise<Page<LogEntry>>;

  /** The changes after a cursor; none is ever missed. */
  changes(query?: ChangesQuery<Tasks>): Promise<Changes<TaskOf<Tasks>>>;
  /** Every change of any task from now on, until the loop over them ends. */
  events(query?: EventsQuery<Tasks>): AsyncIterableIterator<TaskEvent<TaskOf<Tasks>>>;

  stats(options?: CallOptions): Promise<QueueStats>;
  /** How long due tasks wait; tasks scheduled for later do not count. */
  dueStats(options?: CallOptions): Promise<DueStats>;
  /** In alphabetical order of the types. */
  statsByType(query?: TypeStatsQuery): Promise<TypeStats[]>;
  /** Oldest first. */
  history(query?: HistoryQuery): Promise<HistorySpan[]>;
  /** Newest first. */
  workers(options?: CallOptions): Promise<WorkerState[]>;
}

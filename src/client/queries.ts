import type { FailureReason, TaskStatus } from '../core/task.js';
import type { LogLevel } from '../core/task-log.js';
import type { TypeOf } from './task-types.js';

/** Options of every call. */
export interface CallOptions {
  /** Cancels the call, which rejects with the signal's reason. What a write has done by then stays done. */
  signal?: AbortSignal;
}

export interface TaskFilter<Tasks> {
  status?: TaskStatus;
  type?: TypeOf<Tasks>;
}

export interface ListQuery<Tasks> extends TaskFilter<Tasks>, CallOptions {
  /** Only tasks that failed for this reason. Such a page may be short, or empty, without being the last. */
  failureReason?: FailureReason;
  /** Only the task that was enqueued under this key. */
  idempotencyKey?: string;
  /** Most tasks on a page, 1 to 1000; default 100. */
  limit?: number;
}

export interface PageQuery<Tasks> extends ListQuery<Tasks> {
  /** The cursor from the previous page. */
  cursor?: string | null;
}

export interface Page<Item> {
  items: Item[];
  /** Cursor of the next page; null on the last one. */
  next: string | null;
}

export interface TypeStatsQuery extends CallOptions {
  /** Most types, 1 to 1000; default 100. */
  limit?: number;
  /** Only types after this one, in alphabetical order. */
  after?: string;
}

export interface HistoryQuery extends CallOptions {
  /** Minutes of history; default 60. */
  minutes?: number;
  /** Minutes per span; default 1. */
  step?: number;
}

export interface LogQuery extends CallOptions {
  level?: LogLevel;
}

export interface LogPageQuery extends LogQuery {
  /** Most entries on a page, 1 to 1000; default 100. */
  limit?: number;
  /** The cursor from the previous page. */
  cursor?: string | null;
}

/** Selects changes. `status` is the task's current one. */
export interface ChangeFilter<Tasks> extends TaskFilter<Tasks> {
  /** Only changes of these tasks, at most 1000. */
  ids?: readonly number[];
}

export interface ChangesQuery<Tasks> extends ChangeFilter<Tasks>, CallOptions {
  /** The cursor to continue after, or `now`. Default: the beginning. */
  cursor?: string;
  /** Most changes, 1 to 1000; default 100. */
  limit?: number;
  /** How long to wait while there are no changes, 0 to 60 seconds; default 0. */
  waitSeconds?: number;
}

/** The changes after a cursor: each task once, as it is now. */
export interface Changes<Item> {
  changes: Item[];
  /** Where to continue. */
  cursor: string;
  /** Those of the requested `ids` that do not exist; present only if tasks were deleted after the cursor. */
  gone?: number[];
}

export interface EventsQuery<Tasks> extends ChangeFilter<Tasks>, CallOptions {
  /** Start after this revision; default: with the next change. */
  cursor?: string;
  /** Called whenever the connection is established or lost; it reconnects by itself. */
  onConnection?(isConnected: boolean): void;
}

export interface TaskEvent<Item> {
  task: Item;
  /** The cursor to resume after this event. */
  cursor: string;
}

export interface WaitOptions<Item> extends CallOptions {
  /** Milliseconds after which the wait rejects with `WaitTimeout`; default: none. */
  timeout?: number;
  /** Called with the current task, and whenever it has changed, up to its end. */
  onProgress?(task: Item): void;
}

export interface AuditQuery extends CallOptions {
  /** Only actions on this task alone. */
  taskId?: number;
  /** Only actions of this key. */
  actor?: string;
  /** Only actions of this name. */
  action?: string;
  /** Most entries on a page, 1 to 1000; default 100. */
  limit?: number;
}

export interface AuditPageQuery extends AuditQuery {
  /** The cursor from the previous page. */
  cursor?: string | null;
}

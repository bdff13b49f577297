import type { FailureReason, TaskStatus } from '../core/task.js';
import type { LogLevel } from '../core/task-log.js';
import type { TypeOf } from './task-types.js';

/** What every call takes. */
export interface CallOptions {
  /** Calls it off: it rejects with the signal's reason. What a write has done by then stays done. */
  signal?: AbortSignal;
}

export interface TaskFilter<Tasks> {
  status?: TaskStatus;
  type?: TypeOf<Tasks>;
}

export interface ListQuery<Tasks> extends TaskFilter<Tasks>, CallOptions {
  /** Only tasks that have failed for this reason. Such a page may be short, or empty, and not be the last. */
  failureReason?: FailureReason;
  /** Only the task that was enqueued under this key. */
  idempotencyKey?: string;
  /** Most tasks of a page, 1 to 1000; default 100. */
  limit?: number;
}

export interface PageQuery<Tasks> extends ListQuery<Tasks> {
  /** Where the page begins: what the page before it gave. */
  cursor?: string | null;
}

export interface Page<Item> {
  items: Item[];
  /** Where the next page begins; null after the last one. */
  next: string | null;
}

export interface TypeStatsQuery extends CallOptions {
  /** Most types, 1 to 1000; default 100. */
  limit?: number;
  /** Only types after this one, in alphabetical order. */
  after?: string;
}

export interface HistoryQuery extends CallOptions {
  /** How far back; default 60. */
  minutes?: number;
  /** Minutes that are added up to one span; default 1. */
  step?: number;
}

export interface LogQuery extends CallOptions {
  level?: LogLevel;
}

export interface LogPageQuery extends LogQuery {
  /** Most entries of the page, 1 to 1000; default 100. */
  limit?: number;
  /** Where the page begins: what the page before it gave. */
  cursor?: string | null;
}

/** Which changes somebody wants to see. `status` is the one that the task has now. */
export interface ChangeFilter<Tasks> extends TaskFilter<Tasks> {
  /** Only changes of these tasks, at most 1000. */
  ids?: readonly number[];
}

export interface ChangesQuery<Tasks> extends ChangeFilter<Tasks>, CallOptions {
  /** Go on from here: what the last answer gave, or `now`. Default: the beginning. */
  cursor?: string;
  /** Most changes, 1 to 1000; default 100. */
  limit?: number;
  /** How long to wait when nothing has changed, 0 to 60 seconds; default 0. */
  waitSeconds?: number;
}

/** What has changed since a cursor: each task once, as it is now. */
export interface Changes<Item> {
  changes: Item[];
  /** Where to go on. */
  cursor: string;
  /** Those of the `ids` asked for that do not exist; there only where tasks were deleted after the cursor. */
  gone?: number[];
}

export interface EventsQuery<Tasks> extends ChangeFilter<Tasks>, CallOptions {
  /** Begin after this revision; default: with what comes next. */
  cursor?: string;
  /** Told whenever the connection is there, and whenever it is lost; it is made again without being asked. */
  onConnection?(isConnected: boolean): void;
}

export interface TaskEvent<Item> {
  task: Item;
  /** Where somebody would go on who has seen this one. */
  cursor: string;
}

export interface WaitOptions<Item> extends CallOptions {
  /** Milliseconds after which the wait rejects with `WaitTimeout`; default: it has no end. */
  timeout?: number;
  /** Called with the task as it is found, and whenever it has changed, up to its end. */
  onProgress?(task: Item): void;
}

export interface AuditQuery extends CallOptions {
  /** Only what was done to this task by itself. */
  taskId?: number;
  /** Only what this key did. */
  actor?: string;
  /** Only what was asked for by this name. */
  action?: string;
  /** Most entries of a page, 1 to 1000; default 100. */
  limit?: number;
}

export interface AuditPageQuery extends AuditQuery {
  /** Where the page begins: what the page before it gave. */
  cursor?: string | null;
}

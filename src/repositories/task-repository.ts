import type { Actor } from '../core/access.js';
import type { BulkAction, BulkCriteria, BulkPreview } from '../core/bulk.js';
import type { JsonObject } from '../core/json.js';
import type { FailureReason, StoredTask, TaskStatus } from '../core/task.js';
import type { TaskRequest } from '../core/task-request.js';

export interface TaskFilter {
  status?: TaskStatus;
  type?: string;
  failureReason?: FailureReason;
  /** A key belongs to at most one task. */
  idempotencyKey?: string;
}

export interface IdPage {
  ids: number[];
  /** The id that the next page starts before; null after the last one. */
  next: number | null;
}

export interface Enqueued {
  id: number;
  status: TaskStatus;
  createdAt: number;
  /** True if a task with the same idempotency key already existed: this is that task. */
  replayed: boolean;
}

export interface Cancelled {
  id: number;
  status: TaskStatus;
  /** False if the task was already finished and nothing changed. */
  changed: boolean;
}

/**
 * Tasks from the side of their creators. Errors: TASK_NOT_FOUND for any unknown id. An external caller is passed as
 * `actor`, for the audit log.
 */
export interface TaskRepository {
  find(id: number): Promise<StoredTask>;
  /** How many tasks would be claimed before this queued one, counted to 1000. */
  queuePosition(task: StoredTask): Promise<number>;
  /** Each once, in the given order; unknown ids are left out. */
  findMany(ids: readonly number[]): Promise<StoredTask[]>;
  /**
   * The same for the first of these ids, up to this many characters of text, at least one task; and the remaining ids.
   * The ids must be distinct.
   */
  findSome(
    ids: readonly number[],
    characters: number,
  ): Promise<{ tasks: StoredTask[]; left: readonly number[] }>;
  /**
   * A page of ids, newest first; if `before` is given, only older ones. By failure reason it may be short, even empty,
   * and not be the last: the search for a rare one is bounded.
   */
  listIds(filter: TaskFilter, limit: number, before?: number): Promise<IdPage>;
  /** Throws IDEMPOTENCY_KEY_REUSED if the key was used with a different request. */
  enqueue(task: TaskRequest, actor?: Actor): Promise<Enqueued>;
  /** All or none, in order. An error's pointer is the position of the task that caused it. */
  enqueueMany(tasks: readonly TaskRequest[], actor?: Actor): Promise<Enqueued[]>;
  cancel(id: number, actor?: Actor): Promise<Cancelled>;
  /** Queues a finished task again with fresh attempts. Throws TASK_NOT_FINISHED on a live one. */
  retry(id: number, actor?: Actor): Promise<StoredTask>;
}

/** The tasks of a bulk change: those that match now and are no newer than `upTo`. */
export interface BulkSelection {
  action: BulkAction;
  filter: BulkCriteria;
  /** The newest task to change: later ones were not counted. */
  upTo: number;
}

/** The last id that a step has looked at; null at the end. */
export type BulkCursor = number | null;

/** The actor and the request, for the audit log. */
export interface BulkRequest {
  actor: Actor;
  /** As the API has it. */
  filter: JsonObject;
  expected: number;
}

export interface BulkStep {
  selection: BulkSelection;
  /** Only tasks with greater ids. */
  after: number;
  /** Most tasks to change. */
  most: number;
  request?: BulkRequest | undefined;
  /** The entry of the audit log from an earlier step of this request. */
  auditId?: number | null;
}

/**
 * Changes of many tasks, in small steps that delay no other work: by growing ids, so that each task is changed at most
 * once.
 */
export interface BulkRepository {
  newestId(): Promise<number>;
  /** Counts the matches among the next tasks after an id. */
  countBatch(selection: BulkSelection, after: number): Promise<BulkPreview & { after: BulkCursor }>;
  /** Changes the next of them in one transaction, each as by a single request. */
  applyBatch(step: BulkStep): Promise<{ changed: number; after: BulkCursor; auditId: number | null }>;
}

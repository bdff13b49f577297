import type { Actor } from '../core/access.js';
import type { BulkAction, BulkCriteria, BulkPreview } from '../core/bulk.js';
import type { JsonObject } from '../core/json.js';
import type { FailureReason, StoredTask, TaskStatus } from '../core/task.js';
import type { TaskRequest } from '../core/task-request.js';

export interface TaskFilter {
  status?: TaskStatus;
  type?: string;
  failureReason?: FailureReason;
  /** There is one task at most under a key. */
  idempotencyKey?: string;
}

export interface IdPage {
  ids: number[];
  /** Before which id the next page begins; null after the last one. */
  next: number | null;
}

export interface Enqueued {
  id: number;
  status: TaskStatus;
  createdAt: number;
  /** True when a task with the same idempotency key was there already: this is that task. */
  replayed: boolean;
}

export interface Cancelled {
  id: number;
  status: TaskStatus;
  /** False when the task was finished already and nothing changed. */
  changed: boolean;
}

/**
 * Tasks as their creators see them. Errors: TASK_NOT_FOUND wherever an id is unknown. Who asks for a change from outside is
 * named (`by`): the audit log tells it.
 */
export interface TaskRepository {
  find(id: number): Promise<StoredTask>;
  /** How many tasks would be claimed before this queued one, counted to 1000. */
  queuePosition(task: StoredTask): Promise<number>;
  /** Each once, in the order asked for; unknown ids are left out. */
  findMany(ids: readonly number[]): Promise<StoredTask[]>;
  /**
   * The same of the first of these ids, up to so many characters of text, at least one task; and the ids that are left.
   * No id may be there twice.
   */
  findSome(
    ids: readonly number[],
    characters: number,
  ): Promise<{ tasks: StoredTask[]; left: readonly number[] }>;
  /**
   * A page of ids, newest first; only older ones than `before`, when that is given. By failure reason it may be short, even
   * empty, and not be the last: the look for a rare one is bounded.
   */
  listIds(filter: TaskFilter, limit: number, before?: number): Promise<IdPage>;
  /** Throws IDEMPOTENCY_KEY_REUSED when the key came with another request before. */
  enqueue(task: TaskRequest, actor?: Actor): Promise<Enqueued>;
  /** All or none, in order. A refusal's pointer is the place of the task that caused it. */
  enqueueMany(tasks: readonly TaskRequest[], actor?: Actor): Promise<Enqueued[]>;
  cancel(id: number, actor?: Actor): Promise<Cancelled>;
  /** Queues a finished task again with fresh attempts. Throws TASK_NOT_FINISHED on a live one. */
  retry(id: number, actor?: Actor): Promise<StoredTask>;
}

/** Which tasks a bulk change is about: those that match now and are no newer than `upTo`. */
export interface BulkSelection {
  action: BulkAction;
  filter: BulkCriteria;
  /** The newest task that may be met: whatever comes later was not counted. */
  upTo: number;
}

/** How far a step has come: ids up to this one were looked at; null when that were all. */
export type BulkCursor = number | null;

/** Who asked, and in which words; for the audit log. */
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
  /** Most tasks that are changed. */
  most: number;
  request?: BulkRequest | undefined;
  /** The entry of the audit log that an earlier step of this request has made. */
  auditId?: number | null;
}

/** Changes of many tasks, in steps that keep nobody waiting: by growing ids, so that each task is met once at most. */
export interface BulkRepository {
  newestId(): Promise<number>;
  /** Counts the matches among the next tasks after an id. */
  countBatch(selection: BulkSelection, after: number): Promise<BulkPreview & { after: BulkCursor }>;
  /** Changes the next of them, each as if it had been asked for alone, in one transaction. */
  applyBatch(step: BulkStep): Promise<{ changed: number; after: BulkCursor; auditId: number | null }>;
}

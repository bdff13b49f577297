import type { CustomHelpers } from 'joi';
import { TASK_LIMITS } from '../core/limits.js';
import {
  FAILURE_REASONS,
  type FailureReason,
  type StoredTask,
  TASK_STATUSES,
  type TaskStatus,
} from '../core/task.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import { pageCursor, query, queryInteger, taskIds } from '../validation/query.js';
import { Schema } from '../validation/schema.js';
import { nameFilter } from '../validation/values.js';
import { type NextPage, PagedList } from './paged-list.js';

export interface TaskListQuery {
  status?: TaskStatus;
  type?: string;
  failure_reason?: FailureReason;
  idempotency_key?: string;
  limit: number;
  cursor?: string;
  /** Excludes every other field. */
  ids?: number[];
}

/** Filters of lists and of the change feed. */
export const taskFilters = {
  status: Schema.string()
    .valid(...TASK_STATUSES)
    .empty('')
    .description('Only tasks that now have this status.'),
  type: nameFilter().description('Only tasks of exactly this type.').example('video_processing'),
};

const LIST_PARAMETERS = ['status', 'type', 'failure_reason', 'idempotency_key', 'limit', 'cursor'];

/** `ids` excludes all filters. */
function idsAlone(value: { ids?: number[] }, { original, error }: CustomHelpers) {
  const other = value.ids && LIST_PARAMETERS.find((name) => original[name]);
  return other ? error('ids.alone', { pointer: `/${other}` }) : value;
}

export const taskListQuery = query({
  ...taskFilters,
  failure_reason: Schema.string()
    .valid(...FAILURE_REASONS)
    .description(
      'Only tasks that failed for this reason. If the reason is rare, a page may be short, even empty: without `Link` it is the last.',
    ),
  idempotency_key: Schema.string()
    .description('Only the task that was enqueued under this key.')
    .example('order-4711'),
  limit: queryInteger(TASK_LIMITS.listLimit).description('Most tasks on one page.'),
  cursor: pageCursor(),
  ids: taskIds()
    .description(
      'These tasks and no others, in this order, each once; ids that do not exist are left out. Excludes all other parameters.',
    )
    .example([1, 2, 3]),
}).custom(idsAlone);

/** Whether a task still matches the query: it may have changed since the query. */
export const stillMatches = (
  task: StoredTask,
  { status, failure_reason: reason }: Pick<TaskListQuery, 'status' | 'failure_reason'>,
): boolean =>
  (status === undefined || task.status === status) && (reason === undefined || task.failureReason === reason);

/** The ids of a page, or those of the query, each once. Throws CURSOR_INVALID. */
export async function listTaskIds(
  tasks: TaskRepository,
  { ids: named, status, type, failure_reason, idempotency_key, limit, cursor }: TaskListQuery,
): Promise<{ ids: number[]; next: NextPage | null }> {
  if (named) return { ids: [...new Set(named)], next: null };
  const list = new PagedList('/api/queue/tasks', { status, type, failure_reason, idempotency_key });
  const filter = { status, type, failureReason: failure_reason, idempotencyKey: idempotency_key };
  const { ids, next } = await tasks.listIds(filter, limit, list.positionOf(cursor));
  return { ids, next: list.next(next, limit) };
}

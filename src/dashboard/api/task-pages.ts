import { queryOptions } from '@tanstack/react-query';
import type { Page } from '../../client/index.js';
import { keys } from './keys.js';
import { queue } from './queue.js';
import type { Task } from './task.js';
import type { TaskFilter } from './task-filter.js';

/** Rows of a page. */
const PAGE = 50;

/** Most tasks that are asked for by their ids. */
const MOST_IDS = 1_000;

const matches = (task: Task, { status, type, failureReason, idempotencyKey }: TaskFilter): boolean =>
  (status === undefined || task.status === status) &&
  (type === undefined || task.type === type) &&
  (failureReason === undefined || task.failureReason === failureReason) &&
  (idempotencyKey === undefined || task.idempotencyKey === idempotencyKey);

async function read({ ids, ...filter }: TaskFilter, signal: AbortSignal): Promise<Page<Task>> {
  if (!ids) return queue.page({ ...filter, limit: PAGE, signal });
  const tasks = await queue.getMany(ids.slice(0, MOST_IDS), { signal });
  return { items: tasks.filter((task) => matches(task, filter)), next: null };
}

/** A page of tasks. Which ones they are stays as it was read; what becomes of them is put in as it happens. */
export const taskPageQuery = (filter: TaskFilter) =>
  queryOptions({
    queryKey: keys.tasks(filter),
    queryFn: ({ signal }) => read(filter, signal),
    staleTime: Number.POSITIVE_INFINITY,
    // A page that is opened anew is read anew.
    gcTime: 0,
  });

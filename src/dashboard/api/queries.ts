import { queryOptions, useQuery } from '@tanstack/react-query';
import type { FailureReason, Page, TaskStatus } from '../../client/index.js';
import { usePermissions } from '../session/session.js';
import { queue, type Task } from './client.js';

/** Cache keys of the queries. */
export const keys = {
  stats: ['stats'] as const,
  due: ['due'] as const,
  types: ['types'] as const,
  workers: ['workers'] as const,
  health: ['health'] as const,
  history: (minutes: number) => ['history', minutes] as const,
  tasks: (filter: ListFilter) => ['tasks', filter] as const,
  task: (id: number) => ['task', id] as const,
  log: (id: number, level: string | null) => ['log', id, level] as const,
};

/** The filter of a list of tasks; absent members do not filter. */
export interface ListFilter {
  status?: TaskStatus;
  type?: string;
  failureReason?: FailureReason;
  idempotencyKey?: string;
  /** Only these tasks, combined with the other filters. */
  ids?: readonly number[];
  /** Cursor of the page; absent for the first. */
  cursor?: string;
}

/** Ages grow without a change of any task: their refresh interval, in milliseconds. */
const STATS_MS = 5_000;

/** Workers go silent without a change of any task. */
const WORKERS_MS = 5_000;

const HISTORY_MS = 10_000;

/** Most types shown. */
const MAX_TYPES = 1_000;

export const statsQuery = queryOptions({
  queryKey: keys.stats,
  queryFn: ({ signal }) => queue.stats({ signal }),
  refetchInterval: STATS_MS,
});

/** How long due tasks wait; tasks scheduled for later do not count. */
export const dueQuery = queryOptions({
  queryKey: keys.due,
  queryFn: ({ signal }) => queue.dueStats({ signal }),
  refetchInterval: STATS_MS,
});

export const typesQuery = queryOptions({
  queryKey: keys.types,
  queryFn: ({ signal }) => queue.statsByType({ limit: MAX_TYPES, signal }),
});

export const workersQuery = queryOptions({
  queryKey: keys.workers,
  queryFn: ({ signal }) => queue.workers({ signal }),
  refetchInterval: WORKERS_MS,
});

/** `step`: minutes per point. */
export const historyQuery = (minutes: number, step: number) =>
  queryOptions({
    queryKey: keys.history(minutes),
    queryFn: ({ signal }) => queue.history({ minutes, step, signal }),
    refetchInterval: Math.max(HISTORY_MS, step * 6_000),
    placeholderData: (previous) => previous,
  });

export const taskQuery = (id: number) =>
  queryOptions({ queryKey: keys.task(id), queryFn: ({ signal }) => queue.get(id, { signal }) });

/** Rows per page. */
const PAGE_SIZE = 50;

/** Most ids in one request. */
const MAX_IDS = 1_000;

const matches = (task: Task, { status, type, failureReason, idempotencyKey }: ListFilter): boolean =>
  (status === undefined || task.status === status) &&
  (type === undefined || task.type === type) &&
  (failureReason === undefined || task.failureReason === failureReason) &&
  (idempotencyKey === undefined || task.idempotencyKey === idempotencyKey);

async function readPage({ ids, ...filter }: ListFilter, signal: AbortSignal): Promise<Page<Task>> {
  if (!ids) return queue.page({ ...filter, limit: PAGE_SIZE, signal });
  const tasks = await queue.getMany(ids.slice(0, MAX_IDS), { signal });
  return { items: tasks.filter((task) => matches(task, filter)), next: null };
}

/** A page of tasks. Its selection stays as read; changes of its tasks are merged in as they happen. */
export const taskPageQuery = (filter: ListFilter) =>
  queryOptions({
    queryKey: keys.tasks(filter),
    queryFn: ({ signal }) => readPage(filter, signal),
    staleTime: Number.POSITIVE_INFINITY,
    // A reopened page is read again.
    gcTime: 0,
  });

/** The types of all tasks and live workers, in alphabetical order. */
export function useKnownTypes(): string[] {
  const enabled = usePermissions().may('read');
  const { data: types = [] } = useQuery({ ...typesQuery, enabled });
  const { data: workers = [] } = useQuery({ ...workersQuery, enabled });
  const served = workers.flatMap((worker) => (worker.live && worker.types) || []);
  return [...new Set([...types.map(({ type }) => type), ...served])].sort();
}

import { queryOptions, useQuery } from '@tanstack/react-query';
import type { FailureReason, Page, TaskStatus } from '../../client/index.js';
import { usePermissions } from '../session/session.js';
import { queue, type Task } from './client.js';

/** Under which names answers of the server are remembered. */
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

/** What a list of tasks shows; what is absent is no filter. */
export interface ListFilter {
  status?: TaskStatus;
  type?: string;
  failureReason?: FailureReason;
  idempotencyKey?: string;
  /** These tasks and no others; everything else still holds. */
  ids?: readonly number[];
  /** Where the page begins; absent on the first. */
  cursor?: string;
}

/** Ages grow although nothing changes: how often what has one is asked for anew, in milliseconds. */
const STATS_MS = 5_000;

/** Workers go silent without a change of any task. */
const WORKERS_MS = 5_000;

const HISTORY_MS = 10_000;

/** Most types that are shown. */
const MAX_TYPES = 1_000;

export const statsQuery = queryOptions({
  queryKey: keys.stats,
  queryFn: ({ signal }) => queue.stats({ signal }),
  refetchInterval: STATS_MS,
});

/** How long due tasks wait: those scheduled for later are none of it. */
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

/** `step` is the minutes of one point. */
export const historyQuery = (minutes: number, step: number) =>
  queryOptions({
    queryKey: keys.history(minutes),
    queryFn: ({ signal }) => queue.history({ minutes, step, signal }),
    refetchInterval: Math.max(HISTORY_MS, step * 6_000),
    placeholderData: (previous) => previous,
  });

export const taskQuery = (id: number) =>
  queryOptions({ queryKey: keys.task(id), queryFn: ({ signal }) => queue.get(id, { signal }) });

/** Rows of a page. */
const PAGE_SIZE = 50;

/** Most tasks that are asked for by their ids. */
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

/** A page of tasks. Which ones they are stays as it was read; what becomes of them is put in as it happens. */
export const taskPageQuery = (filter: ListFilter) =>
  queryOptions({
    queryKey: keys.tasks(filter),
    queryFn: ({ signal }) => readPage(filter, signal),
    staleTime: Number.POSITIVE_INFINITY,
    // A page that is opened anew is read anew.
    gcTime: 0,
  });

/** The types that there are tasks of, or that a live worker serves; in alphabetical order. */
export function useKnownTypes(): string[] {
  const enabled = usePermissions().may('read');
  const { data: types = [] } = useQuery({ ...typesQuery, enabled });
  const { data: workers = [] } = useQuery({ ...workersQuery, enabled });
  const served = workers.flatMap((worker) => (worker.live && worker.types) || []);
  return [...new Set([...types.map(({ type }) => type), ...served])].sort();
}

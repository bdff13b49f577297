import { queryOptions } from '@tanstack/react-query';
import { keys } from './keys.js';
import { queue } from './queue.js';

/** Ages grow although nothing changes: how often what has one is asked for anew, in milliseconds. */
const STATS_MS = 5_000;

/** Workers go silent without a change of any task. */
const WORKERS_MS = 5_000;

const HISTORY_MS = 10_000;

/** Most types that are shown. */
const MOST_TYPES = 1_000;

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
  queryFn: ({ signal }) => queue.statsByType({ limit: MOST_TYPES, signal }),
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

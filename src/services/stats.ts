import type { CustomHelpers } from 'joi';
import { formatInstant } from '../core/instant.js';
import { quantileOf } from '../core/statistics.js';
import type {
  DurationCounts,
  HistorySpan,
  QueueStats,
  StatusCounts,
  TypeStats,
} from '../repositories/stats-repository.js';
import { query, queryInteger } from '../validation/query.js';
import { Schema } from '../validation/schema.js';

const MINUTE_MS = 60_000;

const countsOf = ({ queued, processing, completed, failed }: StatusCounts) => ({
  total_tasks: queued + processing + completed + failed,
  queued_tasks: queued,
  processing_tasks: processing,
  completed_tasks: completed,
  failed_tasks: failed,
});

const inSeconds = (ms: number | null): number | null => (ms === null ? null : Math.round(ms) / 1000);

export const typeResource = ({ type, waitMs, runMs, ...counts }: TypeStats) => ({
  type,
  ...countsOf(counts),
  usual_wait_seconds: inSeconds(waitMs),
  usual_run_seconds: inSeconds(runMs),
});

const percentilesOf = (counts: DurationCounts) => ({
  p50: inSeconds(quantileOf(counts, 0.5)),
  p95: inSeconds(quantileOf(counts, 0.95)),
  p99: inSeconds(quantileOf(counts, 0.99)),
});

export const spanResource = ({ minute, enqueued, started, completed, failed, wait, run }: HistorySpan) => ({
  minute_utc: formatInstant(minute * MINUTE_MS),
  enqueued,
  started,
  completed,
  failed,
  wait_seconds: percentilesOf(wait),
  run_seconds: percentilesOf(run),
});

/** Never negative, even after the clock was set back. */
const ageInSeconds = (instant: number | null, now: number): number | null =>
  instant === null ? null : Math.max(0, now - instant) / 1000;

/** How long due tasks have waited. `oldestDueAt` and `now` are milliseconds since 1970 UTC. */
export const dueResource = (oldestDueAt: number | null, now: number) => ({
  oldest_due_age_seconds: ageInSeconds(oldestDueAt, now),
});

/** The queue's counts in JSON. `now` is milliseconds since 1970 UTC. */
export const statsResource = (stats: QueueStats, now: number) => ({
  ...countsOf(stats),
  oldest_queued_age_seconds: ageInSeconds(stats.oldestQueuedAt, now),
});

export interface TypesQuery {
  limit: number;
  after?: string;
}

export interface SpanQuery {
  minutes: number;
  /** Minutes per span. */
  step: number;
}

/** The first minute, the one after the last, and the step, in minutes since 1970 UTC; the last is that of `now`. */
export function lastMinutes({ minutes, step }: SpanQuery, now: number): [number, number, number] {
  const end = Math.floor(now / MINUTE_MS) + 1;
  return [end - minutes, end, step];
}

/** Most spans in one reply. */
const MAX_SPANS = 1440;

/** The history is kept for a week. */
const MAX_MINUTES = 7 * 1440;

export const typeStatsQuery = query({
  limit: queryInteger({ max: 1000, default: 100 }).description('Most types on one page.'),
  after: Schema.string().trim().empty('').description('Only types after this one, in alphabetical order.'),
});

export const historyQuery = query({
  minutes: queryInteger({ max: MAX_MINUTES, default: 60 }).description('Minutes of history.'),
  step: queryInteger({ max: 1440, default: 1 }).description('Minutes per span.'),
}).custom((value: SpanQuery, { error }: CustomHelpers) =>
  Math.ceil(value.minutes / value.step) > MAX_SPANS
    ? error('history.spans', { max: MAX_SPANS, pointer: '/step' })
    : value,
);

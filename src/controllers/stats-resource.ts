import { quantileOf } from '../domain/duration-buckets.js';
import { formatInstant } from '../domain/instant.js';
import type {
  DurationCounts,
  HistorySpan,
  QueueStats,
  StatusCounts,
  TypeStats,
} from '../repositories/stats-repository.js';

const MINUTE_MS = 60_000;

const countsOf = ({ queued, processing, completed, failed }: StatusCounts) => ({
  total_tasks: queued + processing + completed + failed,
  queued_tasks: queued,
  processing_tasks: processing,
  completed_tasks: completed,
  failed_tasks: failed,
});

const inSeconds = (ms: number | null): number | null => (ms === null ? null : Math.round(ms) / 1000);

/** A type in numbers, as the API tells it. */
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

/** A span of minutes, as the API tells it. */
export const spanResource = ({ minute, enqueued, started, completed, failed, wait, run }: HistorySpan) => ({
  minute_utc: formatInstant(minute * MINUTE_MS),
  enqueued,
  started,
  completed,
  failed,
  wait_seconds: percentilesOf(wait),
  run_seconds: percentilesOf(run),
});

/** Never negative, also after the clock was set back. */
const ageInSeconds = (instant: number | null, now: number): number | null =>
  instant === null ? null : Math.max(0, now - instant) / 1000;

/** How long due tasks have waited. `oldestDueAt` and `now` are milliseconds since 1970 UTC. */
export const dueResource = (oldestDueAt: number | null, now: number) => ({
  oldest_due_age_seconds: ageInSeconds(oldestDueAt, now),
});

/** The queue in numbers, as the API tells it. `now` is milliseconds since 1970 UTC. */
export const statsResource = (stats: QueueStats, now: number) => ({
  ...countsOf(stats),
  oldest_queued_age_seconds: ageInSeconds(stats.oldestQueuedAt, now),
});

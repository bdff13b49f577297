import type { HistogramSnapshot } from '../core/statistics.js';
import { FAILURE_REASONS, TASK_STATUSES } from '../core/task.js';
import type {
  FileMeasurements,
  QueueMeasurements,
  StatusCounts,
  StorageMeasurements,
} from '../repositories/stats-repository.js';
import { counter, gauge, histogram, type MetricFamily } from './exposition.js';

/** The label of all types without series of their own. */
const OTHER = 'other';

/** A type with that name gets an extra star, so that series stay distinct. */
const labelOf = (type: string): string => (/^other\**$/.test(type) ? `${type}*` : type);

/** Counts of the whole queue minus those of the listed types. */
function restOf({ statuses, types }: QueueMeasurements): StatusCounts {
  const left = (status: keyof StatusCounts): number =>
    types.reduce((rest, counts) => rest - counts[status], statuses[status]);
  return {
    queued: left('queued'),
    processing: left('processing'),
    completed: left('completed'),
    failed: left('failed'),
  };
}

function tasksFamily(queue: QueueMeasurements): MetricFamily {
  const rest = restOf(queue);
  const isRest = TASK_STATUSES.some((status) => rest[status] > 0);
  const rows = queue.types.map((counts) => [labelOf(counts.type), counts] as const);
  if (isRest || rows.length === 0) rows.push([OTHER, { ...rest, type: OTHER }]);
  return gauge(
    'spoolite_tasks',
    'Tasks in the file, by type and status; types beyond the busiest are counted as other.',
    rows.flatMap(([type, counts]) =>
      TASK_STATUSES.map((status) => [{ type, status }, counts[status]] as const),
    ),
  );
}

const inSeconds = ({ bounds, counts, sum }: HistogramSnapshot): HistogramSnapshot => ({
  bounds: bounds.map((bound) => bound / 1000),
  counts,
  sum: sum / 1000,
});

function counters({ totals }: QueueMeasurements): MetricFamily[] {
  return [
    counter('spoolite_tasks_enqueued_total', 'Tasks enqueued.', totals.enqueued),
    counter('spoolite_attempts_started_total', 'Attempts started: tasks claimed.', totals.started),
    counter('spoolite_tasks_completed_total', 'Tasks completed.', totals.completed),
    counter(
      'spoolite_tasks_failed_total',
      'Tasks failed, by reason; cancelled ones included.',
      FAILURE_REASONS.map((reason) => [{ reason }, totals[`failed:${reason}`]] as const),
    ),
    counter(
      'spoolite_attempts_retried_total',
      'Attempts that failed or expired and whose task was queued for another.',
      totals.retried,
    ),
    counter('spoolite_attempts_released_total', 'Attempts released by their worker.', totals.released),
    counter('spoolite_leases_expired_total', 'Attempts whose lease expired.', totals.expired),
    counter('spoolite_tasks_requeued_total', 'Finished tasks queued again by hand.', totals.requeued),
    counter('spoolite_tasks_deleted_total', 'Tasks deleted, by retention or by hand.', totals.deleted),
  ];
}

/** The metrics of the queue, the same from every process. `now` is milliseconds since 1970 UTC. */
export function queueFamilies(queue: QueueMeasurements, now: number): MetricFamily[] {
  const { durations, oldestDueAt, typesWithoutWorker: unservedTypes, overdueHandlers } = queue;
  const oldestDueMs = oldestDueAt === null ? 0 : Math.max(now - oldestDueAt, 0);
  return [
    tasksFamily(queue),
    ...counters(queue),
    histogram(
      'spoolite_task_wait_seconds',
      'How long tasks had been due when they were claimed.',
      inSeconds(durations.wait),
    ),
    histogram('spoolite_task_run_seconds', 'How long completed attempts ran.', inSeconds(durations.run)),
    gauge(
      'spoolite_oldest_due_task_age_seconds',
      'Age of the oldest due task since it fell due; 0 when none is due.',
      oldestDueMs / 1000,
    ),
    gauge('spoolite_unserved_types', 'Types with due tasks but without a live worker.', unservedTypes),
    gauge(
      'spoolite_overdue_handlers',
      'Handlers of live workers still running after their attempt ended; each keeps a slot.',
      overdueHandlers,
    ),
  ];
}

/** Space used by the database and free on its disk: the same from every process. */
export function sizeFamilies({ databaseBytes, file }: StorageMeasurements): MetricFamily[] {
  return [
    gauge('spoolite_database_size_bytes', 'Size of the database file.', databaseBytes),
    ...(file ? fileFamilies(file) : []),
  ];
}

function fileFamilies({ walBytes, diskFreeBytes }: FileMeasurements): MetricFamily[] {
  return [
    gauge('spoolite_wal_size_bytes', 'Size of the write-ahead log beside it.', walBytes),
    gauge(
      'spoolite_disk_free_bytes',
      'Free space in the file system of the database; absent for a database in memory.',
      diskFreeBytes === null ? [] : diskFreeBytes,
    ),
  ];
}

/** The commits of this process. */
export function commitFamilies({ commits }: StorageMeasurements): MetricFamily[] {
  return [
    histogram(
      'spoolite_commit_duration_seconds',
      'Transactions, from having the write lock to being on disk.',
      commits.durations,
    ),
    histogram('spoolite_commit_requests', 'Requests that shared a commit.', commits.groups),
    counter(
      'spoolite_busy_retries_total',
      'Attempts to get the write lock while another process held it.',
      commits.busyRetries,
    ),
  ];
}

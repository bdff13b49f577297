import type { StorageMeasurements } from '../../repositories/metrics-repository.js';
import { counter, gauge, histogram, type MetricFamily } from './metric-family.js';

/** The room that the database takes, and has: the same whichever process is asked. */
export function fileFamilies({
  databaseBytes,
  walBytes,
  diskFreeBytes,
}: StorageMeasurements): MetricFamily[] {
  return [
    gauge('spoolite_database_size_bytes', 'Size of the database file.', databaseBytes),
    gauge('spoolite_wal_size_bytes', 'Size of the write-ahead log beside it.', walBytes),
    gauge(
      'spoolite_disk_free_bytes',
      'What the file system of the database has left; absent for a database in memory.',
      diskFreeBytes === null ? [] : diskFreeBytes,
    ),
  ];
}

/** What this process has committed. */
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
      'Tries for the write lock while another process had it.',
      commits.busyRetries,
    ),
  ];
}

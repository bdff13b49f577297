import type { HistogramReading } from './histogram.js';

/** What a writer has done since it was opened. */
export interface CommitReading {
  /** Seconds from having the write lock to being on disk. */
  durations: HistogramReading;
  /** Requests that shared a commit. */
  groups: HistogramReading;
  /** How often the lock was tried in vain, as another process had it. */
  busyRetries: number;
}

import { FAILURE_REASONS, type FailureReason } from './task-status.js';

/** Which durations of tasks are measured: from due to claimed, and from claimed to completed. */
export type DurationKind = 'wait' | 'run';

/** What is counted since the file was made, and never counted down. `wait_ms` and `run_ms` are sums of milliseconds. */
export type TotalName =
  | 'enqueued'
  | 'started'
  | 'completed'
  | `failed:${FailureReason}`
  /** An attempt failed or expired, and its task was queued for another. */
  | 'retried'
  | 'released'
  | 'expired'
  /** A finished task was queued again by hand. */
  | 'requeued'
  | 'deleted'
  | `${DurationKind}_ms`;

export const TOTAL_NAMES: readonly TotalName[] = [
  'enqueued',
  'started',
  'completed',
  ...FAILURE_REASONS.map((reason) => `failed:${reason}` as const),
  'retried',
  'released',
  'expired',
  'requeued',
  'deleted',
  'wait_ms',
  'run_ms',
];

/**
 * Upper bounds, in milliseconds, of the buckets in which waits and runs are counted. A file keeps counts by bound, so
 * another version may have other bounds.
 */
export const DURATION_BOUNDS_MS: readonly number[] = [
  5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000,
  14_400_000, 86_400_000,
];

/** Stands for the bucket of all that is longer. */
export const BEYOND_BOUNDS = Number.MAX_SAFE_INTEGER;

/** The bucket that a duration falls into, by its bound. */
export const durationBound = (milliseconds: number): number =>
  DURATION_BOUNDS_MS.find((bound) => milliseconds <= bound) ?? BEYOND_BOUNDS;

import { FAILURE_REASONS, type FailureReason } from './task.js';

/** The measured durations of tasks: from due to claimed, and from claimed to completed. */
export type DurationKind = 'wait' | 'run';

/** Totals since the file was created; they never decrease. `wait_ms` and `run_ms` are sums of milliseconds. */
export type TotalName =
  | 'enqueued'
  | 'started'
  | 'completed'
  | `failed:${FailureReason}`
  /** An attempt failed or expired, and its task was queued for another. */
  | 'retried'
  | 'released'
  | 'expired'
  /** A finished task was queued again manually. */
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
 * Upper bounds, in milliseconds, of the buckets of waits and runs. A file stores counts by bound, so another version
 * may have other bounds.
 */
export const DURATION_BOUNDS_MS: readonly number[] = [
  5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000,
  14_400_000, 86_400_000,
];

/** The bound of the bucket beyond the last one. */
export const BEYOND_BOUNDS = Number.MAX_SAFE_INTEGER;

/** The bound of a duration's bucket. */
export const durationBound = (milliseconds: number): number =>
  DURATION_BOUNDS_MS.find((bound) => milliseconds <= bound) ?? BEYOND_BOUNDS;

export interface HistogramSnapshot {
  /** Upper bounds of the buckets, inclusive, rising; one more bucket follows the last. */
  bounds: readonly number[];
  /** Of each bucket, not cumulative; one more than there are bounds. */
  counts: number[];
  sum: number;
}

/**
 * Counts values in fixed buckets: plain numbers in one piece of memory, so that observing is cheap and another thread
 * can read them while they grow.
 */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #cells: Float64Array;

  /** `buffer` has room for {@link Histogram.bytesFor} these bounds; default: its own memory. */
  constructor(
    bounds: readonly number[],
    buffer: ArrayBufferLike = new ArrayBuffer(Histogram.bytesFor(bounds)),
  ) {
    this.#bounds = bounds;
    this.#cells = new Float64Array(buffer);
  }

  /** One count per bucket, one for all beyond, and the sum. */
  static bytesFor(bounds: readonly number[]): number {
    return (bounds.length + 2) * Float64Array.BYTES_PER_ELEMENT;
  }

  observe(value: number): void {
    let bucket = 0;
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] as number)) bucket++;
    (this.#cells[bucket] as number)++;
    (this.#cells[this.#cells.length - 1] as number) += value;
  }

  read(): HistogramSnapshot {
    const cells = [...this.#cells];
    const sum = cells.pop() as number;
    return { bounds: this.#bounds, counts: cells, sum };
  }
}

/** What a writer has done since it was opened. */
export interface CommitSnapshot {
  /** Seconds from acquiring the write lock to being on disk. */
  durations: HistogramSnapshot;
  /** Requests in a commit. */
  groups: HistogramSnapshot;
  /** Failed tries for the lock, while another process held it; 0 for an engine without such a lock. */
  busyRetries: number;
}

/**
 * Durations in buckets whose bounds grow by a constant factor: counts of any two minutes can be added up, and a
 * percentile read from them is off by at most 5 %. (The scheme of DDSketch: Masson, Rim, Lee, VLDB 2019.)
 */
const GROWTH = 1.1;

const LOG_GROWTH = Math.log(GROWTH);

/** The bucket of a duration; bucket 0 is all below 1 ms. */
export const durationBucket = (milliseconds: number): number =>
  milliseconds < 1 ? 0 : 1 + Math.floor(Math.log(milliseconds) / LOG_GROWTH);

/** The duration in milliseconds that represents a bucket: the one with the least relative error to its bounds. */
export const bucketDuration = (bucket: number): number =>
  bucket === 0 ? 0 : (2 * GROWTH ** bucket) / (GROWTH + 1);

/** Milliseconds below which the share `quantile` (0 to 1) of all durations lies; null without any. */
export function quantileOf(counts: ReadonlyMap<number, number>, quantile: number): number | null {
  const buckets = [...counts].sort(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(quantile * total));
  let seen = 0;
  for (const [bucket, count] of buckets) {
    seen += count;
    if (seen >= rank) return bucketDuration(bucket);
  }
  return null;
}

import { FAILURE_REASONS, type FailureReason } from './task.js';

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

/** What a histogram has seen so far. */
export interface HistogramSnapshot {
  /** Upper bounds of the buckets, inclusive, rising; beyond the last one is one more bucket. */
  bounds: readonly number[];
  /** Of each bucket by itself; one more than there are bounds. */
  counts: number[];
  sum: number;
}

/**
 * Counts values in fixed buckets: plain numbers in one piece of memory, so that observing costs next to nothing, and
 * another thread may read them while they grow.
 */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #cells: Float64Array;

  /** `buffer` has room for {@link Histogram.bytesFor} these bounds; memory of its own by default. */
  constructor(
    bounds: readonly number[],
    buffer: ArrayBufferLike = new ArrayBuffer(Histogram.bytesFor(bounds)),
  ) {
    this.#bounds = bounds;
    this.#cells = new Float64Array(buffer);
  }

  /** A count for each bucket, one for all beyond, and the sum. */
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
  /** Seconds from having the write lock to being on disk. */
  durations: HistogramSnapshot;
  /** Requests that shared a commit. */
  groups: HistogramSnapshot;
  /** How often the lock was tried in vain, as another process had it; 0 for an engine without such a lock. */
  busyRetries: number;
}

/**
 * Durations in buckets whose bounds grow by a constant factor: counts of any two minutes can be added up, and a
 * percentile read from them is off by at most 5 %. (The scheme of DDSketch: Masson, Rim, Lee, VLDB 2019.)
 */
const GROWTH = 1.1;

const LOG_GROWTH = Math.log(GROWTH);

/** Which bucket a duration falls into; bucket 0 is all below 1 ms. */
export const durationBucket = (milliseconds: number): number =>
  milliseconds < 1 ? 0 : 1 + Math.floor(Math.log(milliseconds) / LOG_GROWTH);

/** The duration in milliseconds that stands for a bucket: the one with the least relative error to its bounds. */
export const bucketDuration = (bucket: number): number =>
  bucket === 0 ? 0 : (2 * GROWTH ** bucket) / (GROWTH + 1);

/** Milliseconds below which the share `quantile` (0 to 1) of all durations lies; null when there are none. */
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

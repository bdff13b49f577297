import { DURATION_BOUNDS_MS, type HistogramSnapshot, type TotalName } from '../../core/statistics.js';
import { TASK_STATUSES, type TaskStatus } from '../../core/task.js';

/** Change in the number of tasks per status. */
export type StatusDifferences = Record<TaskStatus, number>;

export const noDifferences = (): StatusDifferences => ({ queued: 0, processing: 0, completed: 0, failed: 0 });

export function countMove(
  differences: StatusDifferences,
  from: TaskStatus | null,
  to: TaskStatus | null,
): void {
  if (from) differences[from] -= 1;
  if (to) differences[to] += 1;
}

export const hasDifferences = (differences: StatusDifferences): boolean =>
  TASK_STATUSES.some((status) => differences[status] !== 0);

/** The total that counts a move between two statuses; null if the statuses alone do not determine it. */
export function totalOf(from: TaskStatus | null, to: TaskStatus | null): TotalName | null {
  if (to === null) return 'deleted';
  if (from === null) return 'enqueued';
  if (to === 'processing') return 'started';
  if (to === 'completed') return 'completed';
  return from === 'processing' ? null : 'requeued';
}

interface KeptBucket {
  bucket: number;
  count: number;
}

/** Converts stored buckets to those of this version. */
export function histogramOf(kept: readonly KeptBucket[], sum: number): HistogramSnapshot {
  const counts = new Array<number>(DURATION_BOUNDS_MS.length + 1).fill(0);
  for (const { bucket, count } of kept) {
    const at = DURATION_BOUNDS_MS.findIndex((bound) => bucket <= bound);
    const place = at === -1 ? counts.length - 1 : at;
    counts[place] = (counts[place] as number) + count;
  }
  return { bounds: DURATION_BOUNDS_MS, counts, sum };
}

/**
 * The share of the difference by which a sample moves the average: an eighth forgets samples after some dozens more.
 */
const SHARE = 1 / 8;

/**
 * The effect of some samples on a running average that is not read yet: `average * keep + add`, or `fresh` if there was
 * none.
 */
export class RunningAverage {
  keep = 1;
  add = 0;
  fresh: number | null = null;

  sample(value: number): void {
    this.keep *= 1 - SHARE;
    this.add += (value - this.add) * SHARE;
    this.fresh = this.fresh === null ? value : this.fresh + (value - this.fresh) * SHARE;
  }
}

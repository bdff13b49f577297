import { DURATION_BOUNDS_MS, type HistogramSnapshot, type TotalName } from '../../core/statistics.js';
import { TASK_STATUSES, type TaskStatus } from '../../core/task.js';

/** How many tasks more, or less, are in each status. */
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

/** What a move between two statuses is counted as; null where only who moves it knows. */
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

/** The kept buckets in those of this version. */
export function histogramOf(kept: readonly KeptBucket[], sum: number): HistogramSnapshot {
  const counts = new Array<number>(DURATION_BOUNDS_MS.length + 1).fill(0);
  for (const { bucket, count } of kept) {
    const at = DURATION_BOUNDS_MS.findIndex((bound) => bucket <= bound);
    const place = at === -1 ? counts.length - 1 : at;
    counts[place] = (counts[place] as number) + count;
  }
  return { bounds: DURATION_BOUNDS_MS, counts, sum };
}

/** By how much of the difference a sample moves the average: an eighth forgets what is more than some dozens of samples old. */
const SHARE = 1 / 8;

/**
 * What some samples do to a running average that is not known yet: `average * keep + add`, or `fresh` where there was
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

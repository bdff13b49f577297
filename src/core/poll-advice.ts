import type { StoredTask } from './task.js';

/** Typical durations of a type's tasks, in milliseconds; null while unknown. */
export interface TypicalDurations {
  /** From due to claimed. */
  waitMs: number | null;
  /** From claimed to completed. */
  runMs: number | null;
}

const MIN_SECONDS = 1;
const MAX_SECONDS = 60;

/** Least remainder of an overdue phase, as a share of the time it has lasted. */
const OVERDUE_SHARE = 0.1;

/**
 * The rest of a phase. Once it has lasted longer than usual (or nothing is usual yet), the best guess is proportional
 * to its age: polling again after a tenth of that notices the end at most a tenth late, and the number of polls grows
 * with the logarithm of the time, not with the time.
 */
const leftOf = (usualMs: number | null, elapsedMs: number): number =>
  Math.max((usualMs ?? 0) - elapsedMs, elapsedMs * OVERDUE_SHARE);

function expectedMs(task: PolledTask, { waitMs, runMs }: TypicalDurations, now: number): number {
  const { status, createdAt, runAfter, processingStartedAt } = task;
  if (status === 'processing') return leftOf(runMs, Math.max(0, now - (processingStartedAt ?? now)));
  // Nothing happens to a scheduled task before it is due.
  if (runAfter > now) return runAfter - now;
  const dueSince = Math.max(createdAt, runAfter);
  return leftOf(waitMs, Math.max(0, now - dueSince)) + (runMs ?? 0);
}

export type PolledTask = Pick<StoredTask, 'status' | 'createdAt' | 'runAfter' | 'processingStartedAt'>;

/**
 * After how many whole seconds to poll a live task again, 1 to 60: when it will be done if it takes what its type
 * usually takes, counting what it has waited or run so far; for a scheduled task, when it falls due. A minute at most,
 * because an average can be far off; a second at least, because a client in a hurry long-polls. `now` is milliseconds
 * since 1970 UTC.
 */
export function pollAdviceSeconds(task: PolledTask, usual: TypicalDurations, now: number): number {
  const seconds = Math.ceil(expectedMs(task, usual, now) / 1000);
  return Math.min(Math.max(seconds, MIN_SECONDS), MAX_SECONDS);
}

import type { StoredTask } from './task.js';

/** What tasks of a type usually take, in milliseconds; null where nobody knows yet. */
export interface TypicalDurations {
  /** From due to claimed. */
  waitMs: number | null;
  /** From claimed to completed. */
  runMs: number | null;
}

const MIN_SECONDS = 1;
const MAX_SECONDS = 60;

/** Of the time that a phase has lasted already: what a phase that is overdue is given at least. */
const OVERDUE_SHARE = 0.1;

/**
 * What is left of a phase. Once it has lasted longer than usual (or nobody knows what is usual), the best guess is that
 * it goes on in proportion to what it has lasted: asking again after a tenth of that learns of the end at most a tenth
 * late, and the number of polls grows with the logarithm of the time, not with the time.
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
 * After how many whole seconds a live task is best asked for again, 1 to 60: when it will be done if it takes what its
 * type usually takes, counting what it has waited or run so far; a scheduled task, when it falls due. A minute is the
 * most, because an average can be far off; a second is the least, because whoever needs to know sooner long-polls.
 * `now` is milliseconds since 1970 UTC.
 */
export function pollAdviceSeconds(task: PolledTask, usual: TypicalDurations, now: number): number {
  const seconds = Math.ceil(expectedMs(task, usual, now) / 1000);
  return Math.min(Math.max(seconds, MIN_SECONDS), MAX_SECONDS);
}

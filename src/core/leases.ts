import { SpooliteError, taskNotFound } from './errors.js';
import type { AttemptFailure } from './retry.js';
import type { StoredTask } from './task.js';
import { LOGGED_AS } from './task-log.js';

/** The fields of a task that decide whether a lease on it is held. */
export interface LeaseState extends Pick<StoredTask, 'status' | 'failureReason' | 'lockedBy'> {
  leaseToken: string | null;
  /** Of the attempt that was settled last. */
  settledToken: string | null;
}

/** Why a lease is no longer held, for people; `task` is undefined if it does not exist. */
export function describeLostLease(id: number, token: string, task: LeaseState | undefined): string {
  if (!task) return `Task ${id} was deleted`;
  if (task.settledToken === token)
    return `The attempt of task ${id} was already settled with another outcome`;
  if (task.failureReason === 'cancelled') return `Task ${id} was cancelled`;
  if (task.status === 'queued') return `The lease of task ${id} expired and the task was queued again`;
  if (task.status === 'processing') return `Task ${id} was taken by another worker (${task.lockedBy})`;
  if (task.failureReason === 'lease_expired')
    return `The lease of task ${id} expired and it had no attempts left`;
  if (task.failureReason === 'timeout') return `Task ${id} timed out`;
  return `Task ${id} is finished; this lease is no longer held`;
}

/** The error for a write under a lease that is no longer held. */
export const lostLease = (id: number, token: string, task: LeaseState | undefined): SpooliteError =>
  task ? new SpooliteError('LEASE_LOST', describeLostLease(id, token, task)) : taskNotFound(id);

/** The outcome of an attempt, as its worker reports it. */
export type Settlement =
  | { as: 'complete'; result: string | null }
  | { as: 'fail'; errorMessage: string }
  | { as: 'release' };

/** How a task's last attempt was settled; null if something else ended it. */
export interface LastSettlement extends LeaseState {
  settledAs: string | null;
  result: string | null;
  errorMessage: string | null;
}

/** Whether an attempt was settled in exactly this way already: the reply was lost, and the request repeated. */
export function isRepeated(settlement: Settlement, token: string, last: LastSettlement): boolean {
  if (last.settledToken !== token || last.settledAs !== settlement.as) return false;
  if (settlement.as === 'complete') return last.result === settlement.result;
  return settlement.as === 'release' || last.errorMessage === settlement.errorMessage;
}

export interface Progress {
  /** Null keeps the value before. */
  percent: number | null;
  message: string | null;
}

/** The progress in a renewal, if it changes the task; else null. */
export function newProgress(reported: Progress | null, { percent, message }: Progress): Progress | null {
  if (!reported) return null;
  const next = { percent: reported.percent ?? percent, message: reported.message };
  return next.percent === percent && next.message === message ? null : next;
}

/** The failure of an attempt whose lease has expired. */
export const expiredFailure = (workerId: string | null): AttemptFailure => ({
  errorMessage: `${LOGGED_AS.expired}worker ${workerId} stopped responding`,
  reason: 'lease_expired',
  retryDelayMs: 0,
});

/** The failure of an attempt whose handler did not return long after its timeout. */
export const TIMED_OUT: Readonly<AttemptFailure> = Object.freeze({
  errorMessage: LOGGED_AS.timedOut,
  reason: 'timeout',
  retryDelayMs: null,
});

/** Milliseconds that an attempt's own process has to report a timeout before others do. */
export const TIMEOUT_MARGIN_MS = 2_000;

/**
 * Longest delay in milliseconds between asking for a reap and its start: after a longer one, heartbeats of live workers
 * were delayed too.
 */
const MAX_REAP_DELAY_MS = 1_000;

export const isTooLateToReap = (askedAt: number, now: number): boolean => now - askedAt > MAX_REAP_DELAY_MS;

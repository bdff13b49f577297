import type { FailureReason } from './task-status.js';

/** How an attempt went wrong, as whoever ran it tells it. */
export interface AttemptFailure {
  errorMessage: string;
  /** `error` may be tried again; every other reason is final. */
  reason: FailureReason;
  /** Milliseconds until the next attempt, if there is one. */
  retryDelayMs: number;
}

/** What becomes of a task whose attempt failed. */
export type FailureOutcome =
  | { status: 'queued'; delayMs: number }
  | { status: 'failed'; failureReason: FailureReason };

/** Retry or not: written once for all engines. */
export function decideFailure(
  task: { attempts: number; maxAttempts: number },
  failure: AttemptFailure,
): FailureOutcome {
  const retryable = failure.reason === 'error' || failure.reason === 'lease_expired';
  if (retryable && task.attempts < task.maxAttempts)
    return { status: 'queued', delayMs: failure.retryDelayMs };
  return { status: 'failed', failureReason: failure.reason };
}

import type { FailureReason } from './task-status.js';

/** How an attempt went wrong, as whoever ran it tells it. */
export interface AttemptFailure {
  errorMessage: string;
  /** What the task failed of, should this have been its last attempt. */
  reason: FailureReason;
  /** Milliseconds until the next attempt, if any is left; null forbids one. */
  retryDelayMs: number | null;
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
  const { reason, retryDelayMs } = failure;
  const again = retryDelayMs !== null && task.attempts < task.maxAttempts;
  return again ? { status: 'queued', delayMs: retryDelayMs } : { status: 'failed', failureReason: reason };
}

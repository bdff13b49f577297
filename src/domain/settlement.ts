import { LEASE_LIMITS } from './lease-limits.js';
import type { FailureReason } from './task-status.js';

/** How an attempt went wrong, as whoever ran it tells it. */
export interface AttemptFailure {
  errorMessage: string;
  /** JSON text for the log entry: what is known of the error besides its message. */
  details?: string;
  /** What the task failed of, should this have been its last attempt. */
  reason: FailureReason;
  /** Milliseconds until the next attempt, if any is left; null forbids one. */
  retryDelayMs: number | null;
}

/** What becomes of a task whose attempt failed. */
export type FailureOutcome =
  | { status: 'queued'; delayMs: number }
  | { status: 'failed'; failureReason: FailureReason };

const MAX_DELAY_MS = LEASE_LIMITS.retryAfterSeconds.max * 1000;

/** Retry or not, and when: written once for all engines. No delay is longer than a year. */
export function decideFailure(
  task: { attempts: number; maxAttempts: number },
  failure: AttemptFailure,
): FailureOutcome {
  const { reason, retryDelayMs } = failure;
  if (retryDelayMs === null || task.attempts >= task.maxAttempts)
    return { status: 'failed', failureReason: reason };
  return { status: 'queued', delayMs: Math.min(retryDelayMs, MAX_DELAY_MS) };
}

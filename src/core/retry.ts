import type { Random } from './clock.js';
import { LEASE_LIMITS } from './limits.js';
import type { FailureReason } from './task.js';

/** How long a task waits before its next attempt. */
export interface RetryPolicy {
  /** Delay after the first failure, in seconds. */
  baseSeconds: number;
  /** What the delay is multiplied by after each further failure. */
  factor: number;
  /** No delay is longer, in seconds. */
  maxSeconds: number;
  /** Share of the delay by which it may be shorter or longer: 0.1 is ±10 %. */
  jitter: number;
}

export const DEFAULT_RETRY_POLICY: Readonly<RetryPolicy> = Object.freeze({
  baseSeconds: 1,
  factor: 2,
  maxSeconds: 300,
  jitter: 0.1,
});

/**
 * Milliseconds until the next attempt after `attempts` executions: exponential backoff,
 * base × factorⁿ⁻¹ with jitter on both sides, then capped (so the cap holds for the jittered delay too).
 */
export function backoffMs(attempts: number, random: Random, policy: Partial<RetryPolicy> = {}): number {
  const {
    baseSeconds = DEFAULT_RETRY_POLICY.baseSeconds,
    factor = DEFAULT_RETRY_POLICY.factor,
    maxSeconds = DEFAULT_RETRY_POLICY.maxSeconds,
    jitter = DEFAULT_RETRY_POLICY.jitter,
  } = policy;
  const seconds = Math.min(baseSeconds * factor ** (attempts - 1), maxSeconds);
  const jittered = seconds * (1 + jitter * (2 * random() - 1));
  return Math.round(Math.min(jittered, maxSeconds) * 1000);
}

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

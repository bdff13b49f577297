import type { Random } from './clock.js';
import { LEASE_LIMITS } from './limits.js';
import type { FailureReason } from './task.js';

/** How long a task waits before its next attempt. */
export interface RetryPolicy {
  /** Delay after the first failure, in seconds. */
  baseSeconds: number;
  /** Multiplies the delay after each further failure. */
  factor: number;
  /** Cap of the delay, in seconds. */
  maxSeconds: number;
  /** Share by which the delay may be shorter or longer: 0.1 is ±10 %. */
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

/** How an attempt failed, as its worker reports it. */
export interface AttemptFailure {
  errorMessage: string;
  /** JSON text for the log entry: the error's details besides its message. */
  details?: string;
  /** The task's failure reason, if this was its last attempt. */
  reason: FailureReason;
  /** Milliseconds until the next attempt, if any are left; null forbids one. */
  retryDelayMs: number | null;
}

export type FailureOutcome =
  | { status: 'queued'; delayMs: number }
  | { status: 'failed'; failureReason: FailureReason };

const MAX_DELAY_MS = LEASE_LIMITS.retryAfterSeconds.max * 1000;

/** Decides whether and when to retry, for all engines. No delay is longer than a year. */
export function decideFailure(
  task: { attempts: number; maxAttempts: number },
  failure: AttemptFailure,
): FailureOutcome {
  const { reason, retryDelayMs } = failure;
  if (retryDelayMs === null || task.attempts >= task.maxAttempts)
    return { status: 'failed', failureReason: reason };
  return { status: 'queued', delayMs: Math.min(retryDelayMs, MAX_DELAY_MS) };
}

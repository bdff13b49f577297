import { toJsonText } from '../domain/json-text.js';
import { errorText } from '../domain/message-text.js';
import type { Random } from '../domain/random.js';
import { isRejected } from '../domain/rejected.js';
import { isRetryAfter } from '../domain/retry-after.js';
import { backoffMs } from '../domain/retry-policy.js';
import type { AttemptFailure } from '../domain/settlement.js';
import { TEXT_LIMITS } from '../domain/text-limits.js';
import type { RegisteredHandler } from './handler-registry.js';
import { storableText } from './storable-text.js';

/** How an attempt ended, ready to be settled. */
export type Outcome = { result: string | null } | { failure: AttemptFailure };

const messageOf = (error: unknown): string => errorText(storableText(() => Object(error).message || error));

/** The outcome of a handler that threw. */
export function failureOf(
  error: unknown,
  attempts: number,
  { retry }: RegisteredHandler,
  random: Random,
): AttemptFailure {
  const errorMessage = messageOf(error);
  if (isRejected(error)) return { errorMessage, reason: 'rejected', retryDelayMs: null };
  const retryDelayMs = isRetryAfter(error)
    ? Math.round(error.seconds * 1000)
    : backoffMs(attempts, random, retry);
  return { errorMessage, reason: 'error', retryDelayMs };
}

/** The outcome of a handler that ran out of time. */
export function timeoutOf(
  attempts: number,
  { retry, retryTimeouts, timeoutMs }: RegisteredHandler,
  random: Random,
): AttemptFailure {
  return {
    errorMessage: `Timed out after ${(timeoutMs ?? 0) / 1000} s`,
    reason: 'timeout',
    retryDelayMs: retryTimeouts ? backoffMs(attempts, random, retry) : null,
  };
}

/** The outcome of a handler that returned `value`; one that JSON cannot hold is an error, and trying again is vain. */
export function successOf(value: unknown): Outcome {
  if (value === undefined || value === null) return { result: null };
  const json = toJsonText(value, TEXT_LIMITS.value);
  if ('text' in json) return { result: json.text };
  const errorMessage = `The result cannot be stored: ${json.problem}`;
  return { failure: { errorMessage, reason: 'rejected', retryDelayMs: null } };
}

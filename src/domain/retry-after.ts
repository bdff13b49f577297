import { recognizeAcrossCopies } from './across-copies.js';
import { LEASE_LIMITS } from './lease-limits.js';

const { max } = LEASE_LIMITS.retryAfterSeconds;

const isDelay = (seconds: unknown): boolean => typeof seconds === 'number' && seconds >= 0 && seconds <= max;

/** Thrown by a handler: try again after this many seconds (up to a year), instead of after the usual backoff. */
export class RetryAfter extends Error {
  override readonly name = 'RetryAfter';
  static {
    recognizeAcrossCopies(RetryAfter, 'RetryAfter');
  }

  constructor(
    readonly seconds: number,
    message = `Try again in ${seconds} s`,
  ) {
    super(message);
    if (!isDelay(seconds)) {
      throw new TypeError(`RetryAfter: seconds must be a number from 0 to ${max}`);
    }
  }
}

/** Seconds that were changed after they were checked are not gone by. */
export const isRetryAfter = (error: unknown): error is RetryAfter =>
  error instanceof RetryAfter && isDelay(error.seconds);

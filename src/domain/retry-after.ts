import { recognizeAcrossCopies } from './across-copies.js';
import { LEASE_LIMITS } from './lease-limits.js';

const { max } = LEASE_LIMITS.retryAfterSeconds;

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
    if (!(typeof seconds === 'number' && seconds >= 0 && seconds <= max)) {
      throw new TypeError(`RetryAfter: seconds must be a number from 0 to ${max}`);
    }
  }
}

export const isRetryAfter = (error: unknown): error is RetryAfter => error instanceof RetryAfter;

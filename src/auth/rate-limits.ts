import { RATE_LIMIT_CLASSES, type RateLimitClass } from '../core/access.js';
import type { Monotonic } from '../core/clock.js';
import { SpooliteError } from '../core/errors.js';
import { clientOf, networkOf } from './client-address.js';
import type { BareResponse } from './exchange.js';
import { TokenBucket } from './token-bucket.js';

/** Requests per minute and client; 0 is unlimited. */
export type Rates = Readonly<Record<RateLimitClass, number>>;

interface Limit {
  allowance: TokenBucket;
  /** The value of the header. */
  policy: string;
}

/** The refusal of a request beyond the limit of its class. */
export const rateExceeded = (perMinute: number, rateClass: string, waitMs: number): RateLimited =>
  new RateLimited(`The limit of ${perMinute} ${rateClass} per minute is exceeded`, waitMs);

/**
 * Limits each client's requests, and sends the rest of its quota with every answer
 * (draft-ietf-httpapi-ratelimit-headers-10).
 */
export class RateLimits {
  readonly #limits: Partial<Record<RateLimitClass, Limit>> = {};

  constructor(rates: Rates, monotonic: Monotonic) {
    for (const rateClass of RATE_LIMIT_CLASSES) {
      const rate = rates[rateClass];
      if (rate === 0) continue;
      this.#limits[rateClass] = {
        allowance: new TokenBucket(rate, monotonic),
        policy: `"${rateClass}";q=${rate};w=60`,
      };
    }
  }

  /** Counts the request that `res` answers. Throws RATE_LIMITED. */
  spend(res: BareResponse, rateClass: RateLimitClass | 'none'): void {
    const limit = rateClass === 'none' ? undefined : this.#limits[rateClass];
    if (!limit) return;
    const { isAllowed, remaining: left, fullInMs, waitMs } = limit.allowance.take(clientOf(res));
    res.setHeader('RateLimit-Policy', limit.policy);
    res.setHeader('RateLimit', `"${rateClass}";r=${left};t=${Math.ceil(fullInMs / 1000)}`);
    if (isAllowed) return;
    throw rateExceeded(limit.allowance.perMinute, rateClass, waitMs);
  }
}

/**
 * Counts wrong keys per address. After too many, the answer is to wait instead of why a key is wrong; valid keys from
 * the same address still work, since many clients may share it.
 */
export class FailedAuthLimiter {
  readonly #allowance: TokenBucket;

  constructor(perMinute: number, monotonic: Monotonic) {
    this.#allowance = new TokenBucket(perMinute, monotonic);
  }

  /** The error to throw for one from looking up a key. */
  counted(error: unknown, address: string | null): unknown {
    if (!(error instanceof SpooliteError) || error.code !== 'UNAUTHENTICATED') return error;
    const { isAllowed, waitMs } = this.#allowance.take(networkOf(address));
    return isAllowed ? error : new RateLimited('Too many failed authentications from this address', waitMs);
  }
}

/** RATE_LIMITED, and when to retry. */
export class RateLimited extends SpooliteError {
  /** Whole seconds, at least 1. */
  readonly retryAfterSeconds: number;

  /** The message is followed by when to retry. */
  constructor(message: string, waitMs: number) {
    const seconds = Math.max(Math.ceil(waitMs / 1000), 1);
    super('RATE_LIMITED', `${message}: try again in ${seconds} s`);
    this.retryAfterSeconds = seconds;
  }
}

import { RATE_LIMIT_CLASSES, type RateLimitClass } from '../core/access.js';
import type { Monotonic } from '../core/clock.js';
import { SpooliteError } from '../core/errors.js';
import { clientOf, networkOf } from './client-address.js';
import type { BareResponse } from './exchange.js';
import { TokenBucket } from './token-bucket.js';

/** Requests a minute that each client is allowed; 0 is without a limit. */
export type Rates = Readonly<Record<RateLimitClass, number>>;

interface Limit {
  allowance: TokenBucket;
  /** As the header says it. */
  policy: string;
}

/** Counts what clients ask for, and says in every answer how much is left (draft-ietf-httpapi-ratelimit-headers-10). */
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
    throw new RateLimited(`${limit.allowance.perMinute} ${rateClass} a minute are allowed`, waitMs);
  }
}

/**
 * Counts wrong keys by where they come from. Whoever brings too many is told to wait instead of why a key is wrong; good
 * keys from the same place go on, since many may share an address.
 */
export class FailedAuthLimiter {
  readonly #allowance: TokenBucket;

  constructor(perMinute: number, monotonic: Monotonic) {
    this.#allowance = new TokenBucket(perMinute, monotonic);
  }

  /** What to throw for what looking up a key has thrown. */
  counted(error: unknown, address: string | null): unknown {
    if (!(error instanceof SpooliteError) || error.code !== 'UNAUTHENTICATED') return error;
    const { isAllowed, waitMs } = this.#allowance.take(networkOf(address));
    return isAllowed ? error : new RateLimited('Too many failed authentications from this address', waitMs);
  }
}

/** RATE_LIMITED, and when to come again. */
export class RateLimited extends SpooliteError {
  /** Whole seconds, at least 1. */
  readonly retryAfterSeconds: number;

  /** The message is followed by when to try again. */
  constructor(message: string, waitMs: number) {
    const seconds = Math.max(Math.ceil(waitMs / 1000), 1);
    super('RATE_LIMITED', `${message}: try again in ${seconds} s`);
    this.retryAfterSeconds = seconds;
  }
}

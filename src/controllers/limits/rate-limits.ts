import { Allowance } from '../../domain/allowance.js';
import { BUDGETS, type Budget } from '../../domain/budget.js';
import type { Monotonic } from '../../domain/monotonic.js';
import { clientOf } from '../access/client-of.js';
import type { Reply } from '../reply.js';
import { RateLimited } from './rate-limited.js';

/** Requests a minute that each client is allowed; 0 is without a limit. */
export type Rates = Readonly<Record<Budget, number>>;

export const NO_RATES: Rates = Object.freeze({ polls: 0, writes: 0, reads: 0 });

interface Limit {
  allowance: Allowance;
  /** As the header says it. */
  policy: string;
}

/** Counts what clients ask for, and says in every answer how much is left (draft-ietf-httpapi-ratelimit-headers-10). */
export class RateLimits {
  readonly #limits: Partial<Record<Budget, Limit>> = {};

  constructor(rates: Rates, monotonic: Monotonic) {
    for (const budget of BUDGETS) {
      const rate = rates[budget];
      if (rate === 0) continue;
      this.#limits[budget] = {
        allowance: new Allowance(rate, monotonic),
        policy: `"${budget}";q=${rate};w=60`,
      };
    }
  }

  /** Counts the request that `res` answers. Throws RATE_LIMITED. */
  spend(res: Reply, budget: Budget | 'none'): void {
    const limit = budget === 'none' ? undefined : this.#limits[budget];
    if (!limit) return;
    const { isAllowed, left, fullInMs, waitMs } = limit.allowance.spend(clientOf(res));
    res.setHeader('RateLimit-Policy', limit.policy);
    res.setHeader('RateLimit', `"${budget}";r=${left};t=${Math.ceil(fullInMs / 1000)}`);
    if (isAllowed) return;
    throw new RateLimited(`${limit.allowance.perMinute} ${budget} a minute are allowed`, waitMs);
  }
}

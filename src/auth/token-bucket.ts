import type { Monotonic } from '../core/clock.js';

const MINUTE_MS = 60_000;

/** Clients of whom a generation knows; two generations are kept. */
const MAX_CLIENTS = 20_000;

/** What adding up fractions of a request may be wrong by. */
const ROUNDING_ERROR = 1e-6;

interface Bucket {
  /** Requests that have not come back yet, at that moment. */
  spent: number;
  at: number;
}

type Buckets = Map<string | number, Bucket>;

/** What is left after a request. */
export interface TokenBucketState {
  /** Whether the request may be answered. One that may not has cost nothing. */
  isAllowed: boolean;
  /** Requests that are allowed now. */
  remaining: number;
  /** Milliseconds until all of the allowance is there again. */
  fullInMs: number;
  /** Milliseconds until the next request is allowed; 0 where one is now. */
  waitMs: number;
}

/**
 * So many requests a minute for each client: all of them at once or spread, and what is spent comes back evenly (a token
 * bucket). Clients are remembered for a minute or two after they were last seen: then nothing is left to remember. Where
 * more come than there is room for, those who were seen least lately begin anew.
 */
export class TokenBucket {
  readonly perMinute: number;
  readonly #monotonic: Monotonic;
  /** Requests that come back in a millisecond. */
  readonly #refillPerMs: number;
  #buckets: Buckets = new Map();
  #previous: Buckets = new Map();
  #rotatedAt = 0;

  /** Throws `RangeError` for an allowance of nothing. */
  constructor(perMinute: number, monotonic: Monotonic) {
    if (!(perMinute > 0)) throw new RangeError(`${perMinute} a minute is not a rate`);
    this.perMinute = perMinute;
    this.#monotonic = monotonic;
    this.#refillPerMs = perMinute / MINUTE_MS;
  }

  /** Counts a request of the client. */
  take(client: string | number): TokenBucketState {
    const now = this.#monotonic();
    const account = this.#bucketOf(client, now);
    // A clock that is moved by hand may go back: then nothing has come back.
    const back = Math.max(now - account.at, 0) * this.#refillPerMs;
    account.spent = Math.max(account.spent - back, 0);
    account.at = now;
    const missing = account.spent + 1 - this.perMinute;
    const isAllowed = missing <= ROUNDING_ERROR;
    if (isAllowed) account.spent++;
    return {
      isAllowed,
      remaining: isAllowed ? Math.floor(ROUNDING_ERROR - missing) : 0,
      fullInMs: account.spent / this.#refillPerMs,
      waitMs: isAllowed ? 0 : missing / this.#refillPerMs,
    };
  }

  #bucketOf(client: string | number, now: number): Bucket {
    const age = now - this.#rotatedAt;
    if (age >= MINUTE_MS || age < 0 || this.#buckets.size >= MAX_CLIENTS) this.#rotate(now);
    const known = this.#buckets.get(client);
    if (known) return known;
    const account = this.#previous.get(client) ?? { spent: 0, at: now };
    this.#buckets.set(client, account);
    return account;
  }

  /** Whoever does not come for a generation is forgotten. */
  #rotate(now: number): void {
    this.#previous = this.#buckets;
    this.#buckets = new Map();
    this.#rotatedAt = now;
  }
}

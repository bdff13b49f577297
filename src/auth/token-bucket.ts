import type { Monotonic } from '../core/clock.js';

const MINUTE_MS = 60_000;

/** Clients per generation; two generations are kept. */
const MAX_CLIENTS = 20_000;

/** Tolerance for the sum of fractions of a request. */
const ROUNDING_ERROR = 1e-6;

interface Bucket {
  /** Requests not refilled yet, at that moment. */
  spent: number;
  at: number;
}

type Buckets = Map<string | number, Bucket>;

/** The state after a request. */
export interface TokenBucketState {
  /** Whether the request may be answered. A refused one costs nothing. */
  isAllowed: boolean;
  /** Requests that are allowed now. */
  remaining: number;
  /** Milliseconds until the bucket is full. */
  fullInMs: number;
  /** Milliseconds until the next request is allowed; 0 if one is allowed now. */
  waitMs: number;
}

/**
 * A token bucket per client: a number of requests per minute, at once or spread, refilled evenly. A client is forgotten
 * a minute or two after its last request: by then its bucket is full. If there are too many, the least recently seen
 * start with a full bucket again.
 */
export class TokenBucket {
  readonly perMinute: number;
  readonly #monotonic: Monotonic;
  /** Requests refilled per millisecond. */
  readonly #refillPerMs: number;
  #buckets: Buckets = new Map();
  #previous: Buckets = new Map();
  #rotatedAt = 0;

  /** Throws `RangeError` for a rate that is not positive. */
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
    // A manually set clock may go back: then nothing is refilled.
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

  /** Clients without a request for a generation are forgotten. */
  #rotate(now: number): void {
    this.#previous = this.#buckets;
    this.#buckets = new Map();
    this.#rotatedAt = now;
  }
}

import type { Monotonic } from './monotonic.js';

const MINUTE_MS = 60_000;

/** Clients of whom a generation knows; two generations are kept. */
const MOST = 20_000;

/** What adding up fractions of a request may be wrong by. */
const INEXACT = 1e-6;

interface Account {
  /** Requests that have not come back yet, at that moment. */
  spent: number;
  at: number;
}

type Accounts = Map<string | number, Account>;

/** What is left after a request. */
export interface Spent {
  /** Whether the request may be answered. One that may not has cost nothing. */
  isAllowed: boolean;
  /** Requests that are allowed now. */
  left: number;
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
export class Allowance {
  readonly perMinute: number;
  readonly #monotonic: Monotonic;
  /** Requests that come back in a millisecond. */
  readonly #pace: number;
  #accounts: Accounts = new Map();
  #former: Accounts = new Map();
  #turnedAt = 0;

  /** Throws `RangeError` for an allowance of nothing. */
  constructor(perMinute: number, monotonic: Monotonic) {
    if (!(perMinute > 0)) throw new RangeError(`${perMinute} a minute is no allowance`);
    this.perMinute = perMinute;
    this.#monotonic = monotonic;
    this.#pace = perMinute / MINUTE_MS;
  }

  /** Counts a request of the client. */
  spend(client: string | number): Spent {
    const now = this.#monotonic();
    const account = this.#accountOf(client, now);
    // A clock that is moved by hand may go back: then nothing has come back.
    const back = Math.max(now - account.at, 0) * this.#pace;
    account.spent = Math.max(account.spent - back, 0);
    account.at = now;
    const missing = account.spent + 1 - this.perMinute;
    const isAllowed = missing <= INEXACT;
    if (isAllowed) account.spent++;
    return {
      isAllowed,
      left: isAllowed ? Math.floor(INEXACT - missing) : 0,
      fullInMs: account.spent / this.#pace,
      waitMs: isAllowed ? 0 : missing / this.#pace,
    };
  }

  #accountOf(client: string | number, now: number): Account {
    const age = now - this.#turnedAt;
    if (age >= MINUTE_MS || age < 0 || this.#accounts.size >= MOST) this.#turn(now);
    const known = this.#accounts.get(client);
    if (known) return known;
    const account = this.#former.get(client) ?? { spent: 0, at: now };
    this.#accounts.set(client, account);
    return account;
  }

  /** Whoever does not come for a generation is forgotten. */
  #turn(now: number): void {
    this.#former = this.#accounts;
    this.#accounts = new Map();
    this.#turnedAt = now;
  }
}

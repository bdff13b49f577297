import type { Clock } from './clock.js';

const MINUTE_MS = 60_000;

/** Clients of whom a generation knows; two generations are kept. */
const MOST = 20_000;

/** Milliseconds that adding up fractions may be wrong by. */
const INEXACT_MS = 0.001;

/** Who has what: from when on everything again. */
type Clients = Map<string | number, { fullAt: number }>;

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
 * So many requests a minute for each client: all of them at once or spread, and what is spent comes back evenly. All that
 * is kept of a client is the moment from which it has everything again (the generic cell rate algorithm), and that for a
 * minute or two only. Where more clients come than can be remembered, those forgotten begin anew.
 */
export class Allowance {
  readonly perMinute: number;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  #clients: Clients = new Map();
  #former: Clients = new Map();
  #turnedAt = 0;

  constructor(perMinute: number, clock: Clock) {
    this.perMinute = perMinute;
    this.#clock = clock;
    this.#intervalMs = MINUTE_MS / perMinute;
  }

  /** Counts a request of the client. */
  spend(client: string | number): Spent {
    const now = this.#clock.now();
    const state = this.#stateOf(client, now);
    // A clock that was put back keeps nobody out for longer than a minute.
    const fullAt = Math.min(Math.max(state.fullAt, now), now + MINUTE_MS);
    const next = fullAt + this.#intervalMs;
    const waitMs = next - now - MINUTE_MS;
    if (waitMs > INEXACT_MS) return { isAllowed: false, left: 0, fullInMs: fullAt - now, waitMs };
    state.fullAt = next;
    const left = Math.floor((INEXACT_MS - waitMs) / this.#intervalMs);
    return { isAllowed: true, left, fullInMs: next - now, waitMs: 0 };
  }

  #stateOf(client: string | number, now: number): { fullAt: number } {
    const age = now - this.#turnedAt;
    if (age >= MINUTE_MS || age < 0 || this.#clients.size >= MOST) this.#turn(now);
    const known = this.#clients.get(client);
    if (known) return known;
    const state = this.#former.get(client) ?? { fullAt: 0 };
    this.#clients.set(client, state);
    return state;
  }

  /** Whoever does not come for a generation is forgotten: a minute later nothing is left to remember of him. */
  #turn(now: number): void {
    this.#former = this.#clients;
    this.#clients = new Map();
    this.#turnedAt = now;
  }
}

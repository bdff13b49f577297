import { RateLimited } from './rate-limited.js';

/** How many may wait at once. */
export interface WaitCaps {
  perClient: number;
  inAll: number;
}

/** What holds unless it is said otherwise. */
export const WAIT_CAPS: Readonly<WaitCaps> = Object.freeze({ perClient: 2_000, inAll: 10_000 });

/** What is told those who find no place; sooner it would hardly be better. */
const RETRY_MS = 5_000;

/** Counts the long polls and streams that are open. */
export class WaitPlaces {
  readonly #caps: WaitCaps;
  readonly #byClient = new Map<string | number, number>();
  #taken = 0;

  constructor(caps: WaitCaps) {
    this.#caps = caps;
  }

  /** Takes a place. Returns a function that gives it back, once. Throws RATE_LIMITED where there is none. */
  take(client: string | number): () => void {
    const { perClient, inAll } = this.#caps;
    const own = this.#byClient.get(client) ?? 0;
    if (own >= perClient)
      throw new RateLimited(`${perClient} waits and streams at once are allowed`, RETRY_MS);
    if (this.#taken >= inAll) throw new RateLimited('Too many wait already', RETRY_MS);
    this.#byClient.set(client, own + 1);
    this.#taken++;
    let isTaken = true;
    return () => {
      if (isTaken) this.#giveBack(client);
      isTaken = false;
    };
  }

  #giveBack(client: string | number): void {
    const own = this.#byClient.get(client) ?? 1;
    if (own > 1) this.#byClient.set(client, own - 1);
    else this.#byClient.delete(client);
    this.#taken--;
  }
}

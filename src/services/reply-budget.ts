import { getHeapStatistics } from 'node:v8';
import { type Monotonic, systemMonotonic } from '../core/clock.js';
import { SpooliteError } from '../core/errors.js';

/** A reply exists as rows, as text and as bytes to be sent; and other parts need memory too. */
const SHARE_OF_HEAP = 16;

/** Lower bound of the budget: less would not hold one page. */
const LEAST = 8 * 1024 * 1024;

/** Smaller replies are not counted: their number is bounded by the connections. */
const SMALL = 64 * 1024;

/** Milliseconds in which a client must have read what it was sent while others wait for the memory. */
const TIMEOUT_MS = 5_000;

const NO_ROOM = 'Too much is being sent to clients that do not read it; try again';

/** The client of a reply that is being sent. */
interface Client {
  /** True once nothing more can be sent. */
  readonly closed: boolean;
  once(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
  destroy(): unknown;
}

interface Held {
  client: Client;
  characters: number;
  since: number;
}

interface Waiter {
  resolve(): void;
}

/**
 * Bounds the memory of large replies over all clients. A controller waits for room before it reads, then counts what it
 * holds until the client has taken it. A client that reads too slowly while others wait is disconnected.
 */
export class ReplyBudget {
  readonly #most: number;
  readonly #monotonic: Monotonic;
  readonly #timeoutMs: number;
  readonly #held = new Set<Held>();
  #waiters: Waiter[] = [];
  #used = 0;
  #isWaking = false;

  /** `most` is in characters; default: a share of the heap limit. */
  constructor(
    most = Math.max(LEAST, Math.floor(getHeapStatistics().heap_size_limit / SHARE_OF_HEAP)),
    { monotonic = systemMonotonic, timeoutMs = TIMEOUT_MS } = {},
  ) {
    this.#most = most;
    this.#monotonic = monotonic;
    this.#timeoutMs = timeoutMs;
  }

  get isFull(): boolean {
    return this.#used >= this.#most;
  }

  /** Resolves when there is room, or the client has disconnected. Throws NOT_READY if there is none in time. */
  async room(client: Client): Promise<void> {
    if (client.closed || (!this.isFull && this.#waiters.length === 0)) return;
    let waiter: Waiter | undefined;
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        waiter = { resolve };
        this.#waiters.push(waiter);
        timer = setInterval(() => this.#makeRoom(reject), this.#timeoutMs);
        client.once('close', resolve);
      });
    } finally {
      clearInterval(timer);
      if (waiter) client.off('close', waiter.resolve);
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
    }
  }

  /** Counts memory for a client until it disconnects, or until the returned function is called. */
  hold(client: Client, characters: number): () => void {
    if (characters < SMALL || client.closed) return () => undefined;
    const held = { client, characters, since: this.#monotonic() };
    const release = () => {
      client.off('close', release);
      if (!this.#held.delete(held)) return;
      this.#used -= characters;
      this.#wake();
    };
    this.#held.add(held);
    this.#used += characters;
    client.once('close', release);
    return release;
  }

  /** One waiter a turn: only in the next turn is its memory counted. */
  #wake(): void {
    if (this.#isWaking || this.isFull || this.#waiters.length === 0) return;
    this.#isWaking = true;
    this.#waiters.shift()?.resolve();
    setImmediate(() => {
      this.#isWaking = false;
      this.#wake();
    });
  }

  /** Disconnects clients that read nothing; if all are reading, the waiter gives up. */
  #makeRoom(giveUp: (error: Error) => void): void {
    const before = this.#monotonic() - this.#timeoutMs;
    const stalled = [...this.#held].filter(({ since }) => since <= before);
    for (const { client } of stalled) client.destroy();
    if (stalled.length === 0) giveUp(new SpooliteError('NOT_READY', NO_ROOM));
  }
}

import { SpooliteError } from '../core/errors.js';
import { principalOf } from './access-control.js';
import type { ApiKeyCache } from './api-key-cache.js';
import { clientOf } from './client-address.js';
import type { BareResponse } from './exchange.js';
import { RateLimited } from './rate-limits.js';

/** The pending requests: long polls and streams. A wait never outlasts its client, its key or the server. */
export class LongPollRegistry {
  readonly #stopping: AbortSignal;
  readonly #keys: ApiKeyCache;
  readonly #limiter: ConcurrencyLimiter;
  readonly #ends = new Set<() => void>();
  readonly #waiters = new WeakSet<BareResponse>();
  readonly #open = { wait: 0, stream: 0 };

  /** `stopping` ends every wait, so that it does not delay a shutdown. A wait also ends with the key of its request. */
  constructor(stopping: AbortSignal, keys: ApiKeyCache, limiter: ConcurrencyLimiter) {
    this.#stopping = stopping;
    this.#keys = keys;
    this.#limiter = limiter;
    stopping.addEventListener('abort', () => {
      for (const end of [...this.#ends]) end();
    });
  }

  /** How many are open now; a stream is a wait without an end. */
  get open(): Readonly<Record<'wait' | 'stream', number>> {
    return this.#open;
  }

  /** Whether this response is a long poll or a stream. */
  has(res: BareResponse): boolean {
    return this.#waiters.has(res);
  }

  /**
   * Begins a wait for the client that `res` answers. Calls `onEnd` once: when the seconds are over, the client
   * disconnects, its key ends or the server stops. Resolves to a function that cancels that. Throws RATE_LIMITED if too
   * many are waiting already, NOT_READY if the keys cannot be read.
   */
  async begin(res: BareResponse, seconds: number, onEnd: () => void): Promise<() => void> {
    const access = principalOf(res);
    const leave = this.#limiter.take(clientOf(res));
    let timer: NodeJS.Timeout | undefined;
    let forgetKey: (() => void) | undefined;
    const kind = Number.isFinite(seconds) ? 'wait' : 'stream';
    const callOff = () => {
      leave();
      clearTimeout(timer);
      forgetKey?.();
      if (this.#ends.delete(end)) this.#open[kind]--;
      res.off('close', end);
    };
    const end = () => {
      if (!this.#ends.has(end)) return;
      callOff();
      onEnd();
    };
    this.#ends.add(end);
    this.#waiters.add(res);
    this.#open[kind]++;
    res.once('close', end);
    if (Number.isFinite(seconds)) timer = setTimeout(end, seconds * 1000);
    try {
      forgetKey = await this.#keys.onEnd(access, end);
    } catch (error) {
      callOff();
      throw error;
    }
    if (!this.#ends.has(end)) forgetKey();
    else if (res.closed || this.#stopping.aborted) end();
    return callOff;
  }

  /** Throws UNAUTHENTICATED if the key of the request has ended during the wait. */
  async assertStillIn(res: BareResponse): Promise<void> {
    if (await this.#keys.isGood(principalOf(res))) return;
    throw new SpooliteError('UNAUTHENTICATED', 'The key expired or was revoked during the wait');
  }
}

/** How many waits and streams may be open at once. */
export interface WaitCaps {
  perClient: number;
  total: number;
}

/** Sent as `Retry-After` at the limit. */
const RETRY_MS = 5_000;

/** Limits the open long polls and streams. */
export class ConcurrencyLimiter {
  readonly #caps: WaitCaps;
  readonly #byClient = new Map<string | number, number>();
  #taken = 0;

  constructor(caps: WaitCaps) {
    this.#caps = caps;
  }

  /** Counts one more for this client. Returns a function that releases it, once. Throws RATE_LIMITED at the limit. */
  take(client: string | number): () => void {
    const { perClient, total } = this.#caps;
    const own = this.#byClient.get(client) ?? 0;
    if (own >= perClient)
      throw new RateLimited(
        `Too many waits and streams of this client are open (limit: ${perClient})`,
        RETRY_MS,
      );
    if (this.#taken >= total)
      throw new RateLimited(`Too many waits and streams are open (limit: ${total})`, RETRY_MS);
    this.#byClient.set(client, own + 1);
    this.#taken++;
    let isTaken = true;
    return () => {
      if (isTaken) this.#release(client);
      isTaken = false;
    };
  }

  #release(client: string | number): void {
    const own = this.#byClient.get(client) ?? 1;
    if (own > 1) this.#byClient.set(client, own - 1);
    else this.#byClient.delete(client);
    this.#taken--;
  }
}

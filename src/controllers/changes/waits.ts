import { SpooliteError } from '../../domain/spoolite-error.js';
import { accessOf } from '../access/access.js';
import { clientOf } from '../access/client-of.js';
import type { KeyRing } from '../access/key-ring.js';
import type { WaitPlaces } from '../limits/wait-places.js';
import type { Reply } from '../reply.js';

/** Sees to it that nobody waits longer than there is somebody to wait for and a server to wait in. */
export class Waits {
  readonly #stopping: AbortSignal;
  readonly #keys: KeyRing;
  readonly #places: WaitPlaces;
  readonly #ends = new Set<() => void>();
  readonly #waiters = new WeakSet<Reply>();
  readonly #open = { wait: 0, stream: 0 };

  /**
   * `stopping` ends every wait: a server that is told to stop must not be held up by those who wait. So does the end of
   * the key with which somebody came.
   */
  constructor(stopping: AbortSignal, keys: KeyRing, places: WaitPlaces) {
    this.#stopping = stopping;
    this.#keys = keys;
    this.#places = places;
    stopping.addEventListener('abort', () => {
      for (const end of [...this.#ends]) end();
    });
  }

  /** How many are open now; a stream is a wait without an end. */
  get open(): Readonly<Record<'wait' | 'stream', number>> {
    return this.#open;
  }

  /** Whether this answer was held back, as its client wished. */
  has(res: Reply): boolean {
    return this.#waiters.has(res);
  }

  /**
   * Begins a wait on behalf of the client that `res` answers. Calls `onEnd` once, when the seconds are over, the client
   * has hung up, his key has ended or the server stops. Returns a function that calls that off. Throws RATE_LIMITED where
   * too many wait already, NOT_READY where the keys cannot be read.
   */
  begin(res: Reply, seconds: number, onEnd: () => void): () => void {
    const access = accessOf(res);
    const leave = this.#places.take(clientOf(res));
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
      forgetKey = this.#keys.onEnd(access, end);
    } catch (error) {
      callOff();
      throw error;
    }
    if (res.closed || this.#stopping.aborted) end();
    return callOff;
  }

  /** Throws UNAUTHENTICATED for whom nobody would let in any more who asked before the wait. */
  assertStillIn(res: Reply): void {
    if (this.#keys.isGood(accessOf(res))) return;
    throw new SpooliteError('UNAUTHENTICATED', 'The key has ended while its owner waited');
  }
}

import type { Reply } from '../reply.js';

/** Sees to it that nobody waits longer than there is somebody to wait for and a server to wait in. */
export class Waits {
  readonly #stopping: AbortSignal;
  readonly #ends = new Set<() => void>();

  /** `stopping` ends every wait: a server that is told to stop must not be held up by those who wait. */
  constructor(stopping: AbortSignal) {
    this.#stopping = stopping;
    stopping.addEventListener('abort', () => {
      for (const end of [...this.#ends]) end();
    });
  }

  /**
   * Begins a wait on behalf of the client that `res` answers. Calls `onEnd` once, when the seconds are over, the client
   * has hung up or the server stops. Returns a function that calls that off.
   */
  begin(res: Reply, seconds: number, onEnd: () => void): () => void {
    let timer: NodeJS.Timeout | undefined;
    const callOff = () => {
      clearTimeout(timer);
      this.#ends.delete(end);
      res.off('close', end);
    };
    const end = () => {
      callOff();
      onEnd();
    };
    this.#ends.add(end);
    res.once('close', end);
    if (Number.isFinite(seconds)) timer = setTimeout(end, seconds * 1000);
    if (res.closed || this.#stopping.aborted) end();
    return callOff;
  }
}

import { startTimer } from '../core/clock.js';

/** An arbitrary long interval; the timer does nothing. */
const KEEP_ALIVE_MS = 2 ** 30;

/** The waits of one process on a queue. They keep it running, and end when the queue is closed. */
export class PendingWaits {
  readonly #ends = new Set<() => void>();
  #keepAlive: NodeJS.Timeout | undefined;
  #isClosed = false;

  /**
   * Calls `end` once: when the signal is aborted, the seconds are over or the queue is closed. Returns a function that
   * cancels that.
   */
  begin(
    end: () => void,
    { signal, seconds }: { signal?: AbortSignal | undefined; seconds?: number },
  ): () => void {
    const callOff = () => {
      stopTimer?.();
      this.#remove(over);
      signal?.removeEventListener('abort', over);
    };
    const over = () => {
      callOff();
      end();
    };
    const stopTimer = seconds === undefined ? undefined : startTimer(over, seconds * 1000);
    this.#add(over);
    signal?.addEventListener('abort', over);
    if (this.#isClosed || signal?.aborted) over();
    return callOff;
  }

  /** Throws the reason why a wait has ended early, if it has. */
  throwIfOver(signal: AbortSignal | undefined): void {
    signal?.throwIfAborted();
    if (this.#isClosed) throw new Error('The queue is closed');
  }

  close(): void {
    this.#isClosed = true;
    for (const end of [...this.#ends]) end();
  }

  #add(end: () => void): void {
    this.#ends.add(end);
    // Changes come from a file watch, which alone does not keep a process running.
    this.#keepAlive ??= setInterval(() => undefined, KEEP_ALIVE_MS);
  }

  #remove(end: () => void): void {
    this.#ends.delete(end);
    if (this.#ends.size > 0) return;
    clearInterval(this.#keepAlive);
    this.#keepAlive = undefined;
  }
}

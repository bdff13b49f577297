/** The waits of one process on a queue, which end when it is closed. */
export class Waits {
  readonly #ends = new Set<() => void>();
  #isClosed = false;

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Has `end` called once: when the signal is aborted, or the queue closed. Returns what calls that off. */
  begin(signal: AbortSignal | undefined, end: () => void): () => void {
    const callOff = () => {
      this.#ends.delete(over);
      signal?.removeEventListener('abort', over);
    };
    const over = () => {
      callOff();
      end();
    };
    this.#ends.add(over);
    signal?.addEventListener('abort', over);
    if (this.#isClosed || signal?.aborted) over();
    return callOff;
  }

  /** The same, and after so many seconds. */
  beginFor(seconds: number, signal: AbortSignal | undefined, end: () => void): () => void {
    const over = () => {
      clearTimeout(timer);
      end();
    };
    const timer = setTimeout(() => {
      callOff();
      end();
    }, seconds * 1000);
    const callOff = this.begin(signal, over);
    return () => {
      clearTimeout(timer);
      callOff();
    };
  }

  /** Why a wait has ended before its time. */
  throwIfOver(signal: AbortSignal | undefined): void {
    signal?.throwIfAborted();
    if (this.#isClosed) throw new Error('The queue was closed');
  }

  close(): void {
    this.#isClosed = true;
    for (const end of [...this.#ends]) end();
  }
}

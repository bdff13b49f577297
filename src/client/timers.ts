/**
 * A signal that aborts with another one, or after a timeout. Hand-written, since older browsers lack `AbortSignal.any`,
 * and the timer of `AbortSignal.timeout` would outlive the request.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #onAbort = () => this.#controller.abort(this.#outer?.reason);
  #callOff: () => void = () => undefined;
  #isOver = false;

  constructor(milliseconds: number, signal?: AbortSignal) {
    this.#outer = signal;
    if (signal?.aborted) this.#onAbort();
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.extend(milliseconds);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** True after the timeout, as opposed to an abort. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Restarts the timeout with this many milliseconds. */
  extend(milliseconds: number): void {
    this.#callOff();
    this.#callOff = startTimer(() => {
      this.#isOver = true;
      this.#controller.abort();
    }, milliseconds);
  }

  /** Releases the timer and the listener. */
  end(): void {
    this.#callOff();
    this.#outer?.removeEventListener('abort', this.#onAbort);
  }

  /** Aborts the pending work. */
  abort(): void {
    this.end();
    this.#controller.abort();
  }
}

/** Resolves after a delay of any length; rejects with the signal's reason if that is aborted before. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      callOff();
      reject(signal?.reason);
    };
    const callOff = startTimer(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Longest delay of one timer, in milliseconds (24.8 days); a longer one fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Calls `run` once after a delay of any length; never if it is infinite. Returns a function that cancels it. (A copy of
 * the function in `core/clock`, as the client may import only types from there.)
 */
export function startTimer(run: () => void, milliseconds: number): () => void {
  let left = milliseconds;
  let timer: ReturnType<typeof setTimeout>;
  const next = () => {
    const stepMs = Math.min(left, LONGEST_MS);
    left -= stepMs;
    timer = setTimeout(() => (left > 0 ? next() : run()), stepMs);
  };
  next();
  return () => clearTimeout(timer);
}

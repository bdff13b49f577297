/**
 * A signal that is aborted with another one, or by itself after so many milliseconds. By hand, since older
 * browsers lack `AbortSignal.any`, and the timer of `AbortSignal.timeout` would outlive the request.
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

  /** True when the time was over, as opposed to having been called off. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** So many milliseconds from now on. */
  extend(milliseconds: number): void {
    this.#callOff();
    this.#callOff = startTimer(() => {
      this.#isOver = true;
      this.#controller.abort();
    }, milliseconds);
  }

  /** There is nothing left to be aborted. */
  end(): void {
    this.#callOff();
    this.#outer?.removeEventListener('abort', this.#onAbort);
  }

  /** Ends what is under way. */
  abort(): void {
    this.end();
    this.#controller.abort();
  }
}

/** Resolves after so many milliseconds, however many; rejects with the signal's reason when that is aborted before. */
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

/** Longest delay of one timer, in milliseconds (24.8 days); asked for more, it fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Calls `run` once after so many milliseconds, however many they are; never after infinitely many. Returns a function
 * that calls it off. (As in `domain/long-timer`: a client takes only types from there.)
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

import { startTimer } from './long-timer.js';

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

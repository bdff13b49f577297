import type { Clock } from '../domain/clock.js';
import type { Monotonic } from '../domain/monotonic.js';

/** Notices that the wall clock was set, by comparing it with one that nobody can set. */
export class ClockWatch {
  readonly #clock: Clock;
  readonly #monotonic: Monotonic;
  #difference: number;

  constructor(clock: Clock, monotonic: Monotonic) {
    this.#clock = clock;
    this.#monotonic = monotonic;
    this.#difference = clock.now() - monotonic();
  }

  /** Milliseconds by which the wall clock was set since the last call: forward, or back when negative. */
  jumpMs(): number {
    const difference = this.#clock.now() - this.#monotonic();
    const jump = difference - this.#difference;
    this.#difference = difference;
    return jump;
  }
}

import type { Clock } from './clock.js';

/** A clock that moves only when told to: for tests, of this project and of others. */
export class ManualClock implements Clock {
  #now: number;

  constructor(start: Date | number = Date.UTC(2025, 0, 1)) {
    this.#now = Number(start);
  }

  now(): number {
    return this.#now;
  }

  /** Moves forward, or back when negative. */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  set(instant: Date | number): void {
    this.#now = Number(instant);
  }
}

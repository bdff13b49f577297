/** The source of time for all code, so that a test can move it. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that moves only on request: for tests, here and in other projects. */
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

/** Milliseconds of a clock that cannot be set: for durations. The same in every thread of a process. */
export type Monotonic = () => number;

export const systemMonotonic: Monotonic = () => Number(process.hrtime.bigint() / 1_000_000n);

/** Measures durations where tasks go by `clock`: moving a manual clock moves them too. */
export const monotonicOf = (clock: Clock): Monotonic =>
  clock === systemClock ? systemMonotonic : () => clock.now();

/** Longest delay of one timer, in milliseconds (24.8 days); a longer one fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Calls `run` once after a delay of any length; never if it is infinite. Returns a function that cancels it. */
export function startTimer(run: () => void, milliseconds: number): () => void {
  let left = milliseconds;
  let timer: ReturnType<typeof setTimeout>;
  const next = () => {
    const stepMs = Math.min(left, MAX_TIMER_MS);
    left -= stepMs;
    timer = setTimeout(() => (left > 0 ? next() : run()), stepMs);
  };
  next();
  return () => clearTimeout(timer);
}

/** Lets a loop sleep until it is signalled. A signal that came while it was awake ends the next sleep at once. */
export class WakeUp {
  #pending = false;
  #wake: (() => void) | undefined;

  readonly signal = (): void => {
    this.#pending = true;
    this.#wake?.();
  };

  /** Resolves after `signal()` or the timeout. */
  async sleep(milliseconds: number): Promise<void> {
    if (!this.#pending) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#pending = false;
    this.#wake = undefined;
  }
}

/** Uniform numbers in [0, 1), injected so that a test can choose them. */
export type Random = () => number;

export const systemRandom: Random = Math.random;

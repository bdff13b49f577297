import { setMaxListeners } from 'node:events';
import type { Clock } from '../domain/clock.js';
import { WakeUp } from '../domain/wake-up.js';

/** Calls `listener` after commits of any process; returns a function that ends it. */
export type OnCommit = (listener: () => void) => () => void;

export interface Wait<T> {
  /** Looks for what is waited for; null when it is not there. */
  attempt: () => Promise<T | null>;
  /** An instant (milliseconds since 1970 UTC) at which to look again even without a commit, or null. */
  nextAttemptAt: () => Promise<number | null>;
  /** 0 looks once. */
  seconds: number;
  /** Ends the wait early, without another look. */
  signal: AbortSignal;
}

/** Longest sleep between two looks; no wait is longer. */
const MAX_SLEEP_MS = 60_000;

/** Pause before looking again for what is due but could not be had yet. */
const MIN_SLEEP_MS = 10;

/** Waits for something to come into the database without polling it: looks again after each commit. */
export class Waiter {
  readonly #onCommit: OnCommit;
  readonly #clock: Clock;
  readonly #stopping: AbortSignal;

  /** `stopping` ends every wait: a server that is told to stop must not be held up by those who wait. */
  constructor(onCommit: OnCommit, clock: Clock, stopping: AbortSignal) {
    this.#onCommit = onCommit;
    this.#clock = clock;
    this.#stopping = stopping;
    // Every wait listens to it.
    setMaxListeners(0, stopping);
  }

  /** What `attempt` found, or null when the wait ended without. Throws what `attempt` throws. */
  async wait<T>({ attempt, nextAttemptAt, seconds, signal }: Wait<T>): Promise<T | null> {
    if (seconds === 0) return attempt();
    const wakeUp = new WakeUp();
    let over = false;
    const timer = setTimeout(() => {
      over = true;
      wakeUp.signal();
    }, seconds * 1000);
    const stopListening = this.#onCommit(wakeUp.signal);
    const aborts = [signal, this.#stopping];
    for (const abort of aborts) abort.addEventListener('abort', wakeUp.signal);
    try {
      let found = await attempt();
      while (found === null && !over && !aborts.some(({ aborted }) => aborted)) {
        await wakeUp.sleep(this.#sleepMs(await nextAttemptAt()));
        if (!aborts.some(({ aborted }) => aborted)) found = await attempt();
      }
      return found;
    } finally {
      clearTimeout(timer);
      stopListening();
      for (const abort of aborts) abort.removeEventListener('abort', wakeUp.signal);
    }
  }

  #sleepMs(until: number | null): number {
    if (until === null) return MAX_SLEEP_MS;
    return Math.min(Math.max(until - this.#clock.now(), MIN_SLEEP_MS), MAX_SLEEP_MS);
  }
}

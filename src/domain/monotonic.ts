import { type Clock, systemClock } from './clock.js';

/** Milliseconds of a clock that nobody can set: for lengths of time. The same in every thread of a process. */
export type Monotonic = () => number;

export const systemMonotonic: Monotonic = () => Number(process.hrtime.bigint() / 1_000_000n);

/** What lengths of time are measured by where tasks go by `clock`: a clock that is moved by hand moves them too. */
export const monotonicOf = (clock: Clock): Monotonic =>
  clock === systemClock ? systemMonotonic : () => clock.now();

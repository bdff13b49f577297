/** Milliseconds of a clock that nobody can set: for lengths of time. The same in every thread of a process. */
export type Monotonic = () => number;

export const systemMonotonic: Monotonic = () => Number(process.hrtime.bigint() / 1_000_000n);

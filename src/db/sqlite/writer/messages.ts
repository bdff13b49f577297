import type { Reply, Request } from './group-committer.js';
import type { Refusal } from './refused-writes.js';

/** A request with the time (monotonic milliseconds of the writer thread's process) at which waiting ends. */
export interface TimedRequest extends Request {
  busyUntil: number;
  /** How many tasks it is about, at most. */
  weight: number;
}

export type ToThread = { now: number | null } & (
  | { kind: 'run'; requests: TimedRequest[] }
  | { kind: 'repeat'; id: number; name: string; args: unknown; intervalMs: number }
  | { kind: 'end-repeat'; id: number }
  | { kind: 'close' }
);

export interface FromThread {
  replies: Reply[];
  /** What was refused so far and nothing as large stored since. */
  refusal: Refusal | null;
  /** What was committed, for the observer; absent where there is none. */
  news?: unknown[];
}

import type { Actor } from '../../core/access.js';
import { type ErrorCode, type FieldProblem, OutcomeUnknown, SpooliteError } from '../../core/errors.js';

export interface WriteRequest {
  id: number;
  name: string;
  args: unknown;
  /** Who asked for it, where somebody did. */
  actor?: Actor | undefined;
}

export type WriteReply = { id: number; result: unknown } | { id: number; error: ErrorReply };

/** A request with the time (monotonic milliseconds of the writer thread's process) at which waiting ends. */
export interface TimedWriteRequest extends WriteRequest {
  busyUntil: number;
  /** How many tasks it is about, at most. */
  weight: number;
}

export type ToThread = { now: number | null } & (
  | { kind: 'run'; requests: TimedWriteRequest[] }
  | { kind: 'repeat'; id: number; name: string; args: unknown; intervalMs: number }
  | { kind: 'end-repeat'; id: number }
  | { kind: 'close' }
);

export interface FromThread {
  replies: WriteReply[];
  /** What was refused so far and nothing as large stored since. */
  refusal: Refusal | null;
  /** What was committed, for the observer; absent where there is none. */
  events?: unknown[];
}

/** What the storage refused, and as far as is known still would. */
export interface Refusal {
  /** Why, for people. */
  message: string;
  /** Size of the largest write among them; 0 where it was not refused for its size. */
  bytes: number;
}

/** An error in a form that passes between threads. */
export interface ErrorReply {
  code: ErrorCode;
  message: string;
  problems: readonly FieldProblem[];
  /** What the driver said: for the log, never for a client. */
  cause?: string;
  /** The write may be stored nevertheless. */
  isOutcomeUnknown?: true;
}

export function fromErrorReply({
  code,
  message,
  problems,
  cause,
  isOutcomeUnknown,
}: ErrorReply): SpooliteError {
  if (isOutcomeUnknown) return new OutcomeUnknown(cause);
  const error = new SpooliteError(code, message, problems);
  if (cause !== undefined) error.cause = cause;
  return error;
}

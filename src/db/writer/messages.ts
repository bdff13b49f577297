import type { Actor } from '../../core/access.js';
import { type ErrorCode, type FieldProblem, OutcomeUnknown, SpooliteError } from '../../core/errors.js';

export interface WriteRequest {
  id: number;
  name: string;
  args: unknown;
  /** The requesting actor, if any. */
  actor?: Actor | undefined;
}

export type WriteReply = { id: number; result: unknown } | { id: number; error: ErrorReply };

/** A request with the time (monotonic milliseconds of the writer thread's process) at which waiting ends. */
export interface TimedWriteRequest extends WriteRequest {
  busyUntil: number;
  /** The most tasks it may change. */
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
  /** The refusals so far, until something as large is stored. */
  refusal: Refusal | null;
  /** Committed events for the sink; absent if there are none. */
  events?: unknown[];
}

/** Writes that the storage refused, and presumably still would. */
export interface Refusal {
  /** The reason, for people. */
  message: string;
  /** Size of the largest of these writes; 0 if it was not refused for its size. */
  bytes: number;
}

/** An error in a form that passes between threads. */
export interface ErrorReply {
  code: ErrorCode;
  message: string;
  problems: readonly FieldProblem[];
  /** The driver's error: for the log, never for a client. */
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

import { LEASE_LIMITS } from './limits.js';

/** Every code an error of Spoolite can carry: one closed list, the same in HTTP replies and in TypeScript. */
export const ERROR_CODES = [
  'MALFORMED_JSON',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'TASK_NOT_FOUND',
  'ROUTE_NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'LEASE_LOST',
  'TASK_NOT_FINISHED',
  'COUNT_CHANGED',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'VALIDATION_FAILED',
  'IDEMPOTENCY_KEY_REUSED',
  'CURSOR_INVALID',
  'RATE_LIMITED',
  'INTERNAL_ERROR',
  'STORAGE_BUSY',
  'NOT_READY',
  'STORAGE_FULL',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** One thing wrong with an input: where (RFC 6901 pointer) and what. */
export interface FieldProblem {
  pointer: string;
  message: string;
}

/** An error meant for the caller: its message says what happened and what can be done. */
export class SpooliteError extends Error {
  override readonly name = 'SpooliteError';
  static {
    recognizeAcrossCopies(SpooliteError, 'SpooliteError');
  }

  constructor(
    readonly code: ErrorCode,
    message: string,
    /** Where the input is wrong; empty for errors that concern no field. */
    readonly problems: readonly FieldProblem[] = [],
  ) {
    super(message);
  }
}

export const taskNotFound = (id: number | string): SpooliteError =>
  new SpooliteError('TASK_NOT_FOUND', `Task ${id} not found`);

/**
 * A write that may or may not be stored: the storage failed at the moment of the commit. Over HTTP it gets no reply, as
 * any would claim an outcome. Sending it again is safe with an idempotency key, or with the lease token of a settle.
 */
export class OutcomeUnknown extends SpooliteError {
  constructor(cause: unknown) {
    super('INTERNAL_ERROR', 'The storage failed during the commit: the write may be stored or not');
    this.cause = cause;
  }
}

/** A condition to be fixed before the program can start; the message says what and how. */
export class UserError extends Error {
  override readonly name = 'UserError';
  static {
    recognizeAcrossCopies(UserError, 'UserError');
  }
}

/** Thrown by a handler: this task will never succeed; no further attempt. */
export class Rejected extends Error {
  override readonly name = 'Rejected';
  static {
    recognizeAcrossCopies(Rejected, 'Rejected');
  }
}

export const isRejected = (error: unknown): error is Rejected => error instanceof Rejected;

const { max } = LEASE_LIMITS.retryAfterSeconds;

const isDelay = (seconds: unknown): boolean => typeof seconds === 'number' && seconds >= 0 && seconds <= max;

/** Thrown by a handler: retry after this many seconds (up to a year) instead of the usual backoff. */
export class RetryAfter extends Error {
  override readonly name = 'RetryAfter';
  static {
    recognizeAcrossCopies(RetryAfter, 'RetryAfter');
  }

  constructor(
    readonly seconds: number,
    message = `Try again in ${seconds} s`,
  ) {
    super(message);
    if (!isDelay(seconds)) {
      throw new TypeError(`RetryAfter: seconds must be a number from 0 to ${max}`);
    }
  }
}

/** Checked again: `seconds` may have been changed since. */
export const isRetryAfter = (error: unknown): error is RetryAfter =>
  error instanceof RetryAfter && isDelay(error.seconds);

/**
 * Makes `instanceof` hold across copies of this package. One program may have several: the ES modules and the CommonJS
 * bundle, or one that a library brings. The mark is in the symbol registry, which all copies share. A subclass without
 * its own mark keeps the usual meaning.
 */
export function recognizeAcrossCopies(type: { prototype: object }, name: string): void {
  const mark = Symbol.for(`spoolite.${name}`);
  Object.defineProperty(type.prototype, mark, { value: true });
  Object.defineProperty(type, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      if (this === type) return Object(value)[mark] === true;
      return Function.prototype[Symbol.hasInstance].call(this, value);
    },
  });
}

import { recognizeAcrossCopies } from './across-copies.js';

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

/** An error meant for the person or program that called: its message says what happened and what can be done. */
export class SpooliteError extends Error {
  override readonly name = 'SpooliteError';
  static {
    recognizeAcrossCopies(SpooliteError, 'SpooliteError');
  }

  constructor(
    readonly code: ErrorCode,
    message: string,
    /** Where the input is wrong; empty for errors that are not about a field. */
    readonly problems: readonly FieldProblem[] = [],
  ) {
    super(message);
  }
}

export const taskNotFound = (id: number | string): SpooliteError =>
  new SpooliteError('TASK_NOT_FOUND', `Task ${id} not found`);

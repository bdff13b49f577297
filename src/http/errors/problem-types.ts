import type { ErrorCode } from '../../domain/spoolite-error.js';

interface ProblemType {
  status: number;
  title: string;
}

/** The one map from error codes to HTTP. */
export const PROBLEM_TYPES: Readonly<Record<ErrorCode, ProblemType>> = Object.freeze({
  MALFORMED_JSON: { status: 400, title: 'Malformed JSON' },
  UNAUTHENTICATED: { status: 401, title: 'Unauthenticated' },
  FORBIDDEN: { status: 403, title: 'Forbidden' },
  TASK_NOT_FOUND: { status: 404, title: 'Task not found' },
  ROUTE_NOT_FOUND: { status: 404, title: 'Route not found' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Method not allowed' },
  LEASE_LOST: { status: 409, title: 'Lease lost' },
  TASK_NOT_FINISHED: { status: 409, title: 'Task not finished' },
  COUNT_CHANGED: { status: 409, title: 'Count changed' },
  PAYLOAD_TOO_LARGE: { status: 413, title: 'Payload too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'Unsupported media type' },
  VALIDATION_FAILED: { status: 422, title: 'Validation failed' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'Idempotency key reused' },
  CURSOR_INVALID: { status: 422, title: 'Cursor invalid' },
  RATE_LIMITED: { status: 429, title: 'Rate limited' },
  INTERNAL_ERROR: { status: 500, title: 'Internal error' },
  STORAGE_BUSY: { status: 503, title: 'Storage busy' },
  NOT_READY: { status: 503, title: 'Not ready' },
  STORAGE_FULL: { status: 507, title: 'Storage full' },
});

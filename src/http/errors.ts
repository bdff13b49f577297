import type { Logger } from 'pino';
import { type BareResponse, requestIdOf } from '../auth/exchange.js';
import { RateLimited } from '../auth/rate-limits.js';
import { NotReady } from '../controllers/operating.js';
import { AnswerLost, sendJson } from '../controllers/respond.js';
import type { Clock } from '../core/clock.js';
import { type ErrorCode, OutcomeUnknown, SpooliteError } from '../core/errors.js';
import { formatInstant } from '../core/instant.js';

const CONTENT_TYPE = 'application/problem+json; charset=utf-8';

/** The authentication challenge (RFC 6750). */
const CHALLENGE = 'Bearer realm="spoolite"';

/** Seconds until a retry is worthwhile. */
const RETRY_AFTER = '1';

function log(logger: Logger, error: SpooliteError, requestId: string): void {
  const line = { error_code: error.code, request_id: requestId, err: error.cause ?? error };
  if (error.code === 'INTERNAL_ERROR') logger.error(line, error.message);
  else logger.warn(line, error.message);
}

/**
 * Replies to any thrown error with problem+json. Server faults are logged with their cause, which clients never see. A
 * write with an unknown outcome gets no reply: the connection is closed.
 */
export function answerError(thrown: unknown, res: BareResponse, clock: Clock, logger: Logger): void {
  const error = toSpooliteError(thrown);
  const { status } = PROBLEM_TYPES[error.code];
  const requestId = requestIdOf(res);
  if (status >= 500) log(logger, error, requestId);
  // Too late for an error reply; a truncated one is at least not mistaken for a whole one.
  const isUnknown = error instanceof OutcomeUnknown || thrown instanceof AnswerLost;
  if (res.headersSent || isUnknown) return void res.destroy();
  // No wait took place.
  res.removeHeader('Preference-Applied');
  if (status === 503) res.setHeader('Retry-After', RETRY_AFTER);
  if (error instanceof RateLimited) res.setHeader('Retry-After', String(error.retryAfterSeconds));
  if (status === 401) res.setHeader('WWW-Authenticate', CHALLENGE);
  sendJson(res, status, problemJson(error, clock.now(), requestId), CONTENT_TYPE);
}

/** The body of an error reply (RFC 9457). `now` is milliseconds since 1970 UTC. */
export function problemJson(error: SpooliteError, now: number, requestId: string): string {
  const { code, message, problems } = error;
  return JSON.stringify({
    type: `urn:spoolite:error:${code.toLowerCase().replaceAll('_', '-')}`,
    ...PROBLEM_TYPES[code],
    detail: message,
    error_code: code,
    timestamp: formatInstant(now),
    request_id: requestId,
    errors: problems.length > 0 ? problems : undefined,
    checks: error instanceof NotReady ? error.checks : undefined,
  });
}

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

const UNEXPECTED = 'Something went wrong in the server; its log has the details under this request_id';

/** Converts any thrown value to an error with a code. Details not meant for clients stay behind as its cause. */
export function toSpooliteError(error: unknown): SpooliteError {
  if (error instanceof SpooliteError) return error;
  // The router could not decode a segment of the path.
  if (error instanceof URIError)
    return new SpooliteError('ROUTE_NOT_FOUND', 'The path is not validly encoded');
  const unexpected = new SpooliteError('INTERNAL_ERROR', UNEXPECTED);
  unexpected.cause = error;
  return unexpected;
}

import { missingScopes } from '../../auth/access-control.js';
import { rateExceeded } from '../../auth/rate-limits.js';
import { NotReady } from '../../controllers/operating.js';
import { type ErrorCode, SpooliteError, taskNotFound } from '../../core/errors.js';
import { validationFailed } from '../../validation/problems.js';

interface Guide {
  /** What the code means, and what to do, in one sentence. */
  meaning: string;
  /** A typical error of this code. */
  example: SpooliteError;
}

const guide = (code: ErrorCode, meaning: string, detail: string, pointer?: string): Guide => ({
  meaning,
  example: new SpooliteError(code, detail, pointer ? [{ pointer, message: detail }] : []),
});

/** Explanations of the codes for people. */
export const ERROR_GUIDE: Readonly<Record<ErrorCode, Guide>> = Object.freeze({
  MALFORMED_JSON: guide(
    'MALFORMED_JSON',
    'The body is not JSON in UTF-8, or was cut short.',
    'The body is not valid JSON at character 9',
  ),
  UNAUTHENTICATED: guide(
    'UNAUTHENTICATED',
    'The server requires a key: it is missing, unknown, revoked or expired.',
    'A key is needed: send it with the header "Authorization: Bearer <key>"',
  ),
  FORBIDDEN: {
    meaning:
      'The key lacks a required scope; or the request comes from another origin, or uses a host name that is not allowed.',
    example: missingScopes('ci', ['admin']),
  },
  TASK_NOT_FOUND: {
    meaning: 'There is no task with this id, or it was deleted.',
    example: taskNotFound(99999),
  },
  ROUTE_NOT_FOUND: guide(
    'ROUTE_NOT_FOUND',
    'There is nothing at this path, or it is not validly encoded.',
    'The path is not validly encoded',
  ),
  METHOD_NOT_ALLOWED: guide(
    'METHOD_NOT_ALLOWED',
    'The path exists, but not for this method; `Allow` lists the allowed ones.',
    'PUT is not allowed here; allowed are GET, HEAD, OPTIONS',
  ),
  LEASE_LOST: guide(
    'LEASE_LOST',
    'The task is no longer held with this token: it was cancelled, its lease expired, or another worker has it. Nothing was changed; stop working on it.',
    'Task 1 was cancelled',
  ),
  TASK_NOT_FINISHED: guide(
    'TASK_NOT_FINISHED',
    'Only a finished task can be queued again.',
    'Task 1 is processing; only a finished task can be retried',
  ),
  COUNT_CHANGED: guide(
    'COUNT_CHANGED',
    'More tasks match than were expected. Nothing was changed; repeat the request with the new number if that is what you intend.',
    '120 tasks match, more than the 100 that were expected: nothing was changed',
  ),
  PAYLOAD_TOO_LARGE: guide(
    'PAYLOAD_TOO_LARGE',
    'The body exceeds the limit: 1 MB, a batch 8 MB, unless configured otherwise.',
    'The body is larger than 1048576 bytes',
  ),
  UNSUPPORTED_MEDIA_TYPE: guide(
    'UNSUPPORTED_MEDIA_TYPE',
    'The body must be `application/json` in UTF-8, uncompressed or with gzip, deflate or br.',
    'The body must be JSON: send it with the header "Content-Type: application/json"',
  ),
  VALIDATION_FAILED: {
    meaning: 'The request is not valid; `errors` says where and why.',
    example: validationFailed([{ pointer: '/priority', message: 'must be 1000 or less' }]),
  },
  IDEMPOTENCY_KEY_REUSED: guide(
    'IDEMPOTENCY_KEY_REUSED',
    'The idempotency key was already used for a different request.',
    'The idempotency key was used for task 1 with a different request',
  ),
  CURSOR_INVALID: guide(
    'CURSOR_INVALID',
    'The cursor is unknown here, or belongs to other filters; start again without it.',
    'The cursor does not belong to this list with these filters',
    '/cursor',
  ),
  RATE_LIMITED: {
    meaning:
      'Too many requests, waits or failed authentications from this client. Nothing was done; try again after `Retry-After`.',
    example: rateExceeded(6000, 'polls', 1_000),
  },
  INTERNAL_ERROR: guide(
    'INTERNAL_ERROR',
    'An internal error of the server; its log has the details under the same `request_id`.',
    'Something went wrong in the server; its log has the details under this request_id',
  ),
  STORAGE_BUSY: guide(
    'STORAGE_BUSY',
    'Another process keeps the database locked. Nothing was stored; try again after `Retry-After`.',
    'The storage is busy; try again in a moment',
  ),
  NOT_READY: {
    meaning: 'The storage cannot be used now; `checks`, if present, says why. Nothing was stored.',
    example: new NotReady({ database: 'The storage is closed' }),
  },
  STORAGE_FULL: guide(
    'STORAGE_FULL',
    'The disk is full or refuses the write. Nothing was stored.',
    'The storage is full; nothing was stored',
  ),
});

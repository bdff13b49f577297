import type { Logger } from 'pino';
import { AnswerLost } from '../../controllers/after-commit.js';
import { RateLimited } from '../../controllers/limits/rate-limited.js';
import type { Reply } from '../../controllers/reply.js';
import { requestIdOf } from '../../controllers/request-id-of.js';
import { sendJson } from '../../controllers/send-json.js';
import type { Clock } from '../../domain/clock.js';
import { OutcomeUnknown } from '../../domain/outcome-unknown.js';
import type { SpooliteError } from '../../domain/spoolite-error.js';

import { problemJson } from './problem-json.js';
import { PROBLEM_TYPES } from './problem-types.js';
import { toSpooliteError } from './to-spoolite-error.js';

const CONTENT_TYPE = 'application/problem+json; charset=utf-8';

/** How to come in (RFC 6750). */
const CHALLENGE = 'Bearer realm="spoolite"';

/** Seconds after which it is worth asking again. */
const RETRY_AFTER = '1';

function log(logger: Logger, error: SpooliteError, requestId: string): void {
  const line = { error_code: error.code, request_id: requestId, err: error.cause ?? error };
  if (error.code === 'INTERNAL_ERROR') logger.error(line, error.message);
  else logger.warn(line, error.message);
}

/**
 * Answers whatever was thrown as problem+json. What is our fault is logged with its cause; clients see none of it. A write
 * that may be stored or not gets no answer: the connection is cut.
 */
export function answerError(thrown: unknown, res: Reply, clock: Clock, logger: Logger): void {
  const error = toSpooliteError(thrown);
  const { status } = PROBLEM_TYPES[error.code];
  const requestId = requestIdOf(res);
  if (status >= 500) log(logger, error, requestId);
  // Too late for an answer; a reply that breaks off is at least not taken for a whole one.
  const isUnknown = error instanceof OutcomeUnknown || thrown instanceof AnswerLost;
  if (res.headersSent || isUnknown) return void res.destroy();
  // Nothing was waited for.
  res.removeHeader('Preference-Applied');
  if (status === 503) res.setHeader('Retry-After', RETRY_AFTER);
  if (error instanceof RateLimited) res.setHeader('Retry-After', String(error.retryAfterSeconds));
  if (status === 401) res.setHeader('WWW-Authenticate', CHALLENGE);
  sendJson(res, status, problemJson(error, clock.now(), requestId), CONTENT_TYPE);
}

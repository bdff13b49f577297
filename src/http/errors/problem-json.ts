import { NotReady } from '../../controllers/not-ready.js';
import { formatInstant } from '../../domain/instant.js';
import type { SpooliteError } from '../../domain/spoolite-error.js';
import { PROBLEM_TYPES } from './problem-types.js';

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

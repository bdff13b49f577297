import { isCelebrateError } from 'celebrate';
import { SpooliteError } from '../../domain/spoolite-error.js';
import { fromCelebrate } from './from-celebrate.js';

const UNEXPECTED = 'Something went wrong in the server; its log has the details under this request_id';

/** Whatever was thrown, as an error with a code. What is not meant for clients stays behind as its cause. */
export function toSpooliteError(error: unknown): SpooliteError {
  if (error instanceof SpooliteError) return error;
  if (isCelebrateError(error)) return fromCelebrate(error);
  // The router could not decode a segment of the path.
  if (error instanceof URIError)
    return new SpooliteError('ROUTE_NOT_FOUND', 'The path is not validly encoded');
  const unexpected = new SpooliteError('INTERNAL_ERROR', UNEXPECTED);
  unexpected.cause = error;
  return unexpected;
}

import { isLongerThan } from '../domain/json-text.js';
import { SpooliteError } from '../domain/spoolite-error.js';
import { TEXT_LIMITS } from '../domain/text-limits.js';

/** Throws VALIDATION_FAILED for the JSON text of a payload or result that is larger than any may be. */
export function requireValueFits(json: string, pointer: string): void {
  const { value: max } = TEXT_LIMITS;
  if (!isLongerThan(json, max)) return;
  const message = `must not have more than ${max} bytes as JSON`;
  throw new SpooliteError('VALIDATION_FAILED', `The request is not valid: ${pointer}: ${message}`, [
    { pointer, message },
  ]);
}

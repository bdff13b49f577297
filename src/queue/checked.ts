import type { Schema } from 'joi';
import { fieldProblem, validationFailed } from '../validation/problems.js';

/**
 * What a request would be after the API's validation, defaults filled in: one truth for both ways to the queue.
 * Throws VALIDATION_FAILED.
 */
export function checked<Valid>(schema: Schema, given: object): Valid {
  const { value, error } = schema.validate(given, { abortEarly: false });
  if (error) throw validationFailed(error.details.map((item) => fieldProblem(item)));
  return value;
}

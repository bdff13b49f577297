import type { CustomHelpers, ErrorReport } from 'joi';
import { findJsonProblem } from '../../domain/json-problem.js';
import { Schema } from './schema.js';

function storable<T>(value: T, { error }: CustomHelpers): T | ErrorReport {
  const problem = findJsonProblem(value);
  return problem ? error('json.problem', { ...problem }) : value;
}

/** Any value that can be stored and read back unchanged; null is one. */
export const jsonValue = () => Schema.any().custom(storable);

/** An object that can be stored and read back unchanged. Without keys of its own Joi passes it on untouched. */
export const jsonObject = () => Schema.object().custom(storable);

import type { CustomHelpers, ErrorReport } from 'joi';
import { findJsonProblem } from '../../domain/json-problem.js';
import { isLongerThan } from '../../domain/json-text.js';
import { Schema } from './schema.js';

function storable<T>(value: T, { error }: CustomHelpers): T | ErrorReport {
  const problem = findJsonProblem(value);
  return problem ? error('json.problem', { ...problem }) : value;
}

const upTo =
  (max: number) =>
  <T>(value: T, { error }: CustomHelpers): T | ErrorReport =>
    isLongerThan(JSON.stringify(value), max) ? error('json.size', { max }) : value;

/** Any value that can be stored and read back unchanged; null is one. */
export const jsonValue = () => Schema.any().custom(storable);

/** An object that can be stored and read back unchanged. Without keys of its own Joi passes it on untouched. */
export const jsonObject = () => Schema.object().custom(storable);

/** The same, of so many bytes as JSON at most. */
export const smallJsonObject = (max: number) => jsonObject().custom(upTo(max));

/** Any value of so many bytes as JSON at most. */
export const smallJsonValue = (max: number) => jsonValue().custom(upTo(max));

import type { CelebrateError, SchemaOptions } from 'celebrate';
import Joi from 'joi';
import type { SpooliteError } from '../core/errors.js';
import { fieldProblem, validationFailed } from './problems.js';

/** As celebrate validates on Express's road: everything that is wrong is told at once. */
export const VALIDATION = { abortEarly: false } as const;

type Segment = keyof SchemaOptions;

/** In the order in which celebrate tells what is wrong with them. */
const SEGMENTS: readonly Segment[] = ['headers', 'params', 'query', 'body'];

/**
 * Validates a request by a route's schemas without Express: converted and with its defaults, part by part. Throws the
 * same VALIDATION_FAILED, made by the same function.
 */
export function validator<Parts extends Partial<Record<Segment, unknown>>>(schemas: SchemaOptions) {
  const all = SEGMENTS.flatMap((segment): [Segment, Joi.Schema][] => {
    const schema = schemas[segment];
    return schema ? [[segment, Joi.compile(schema)]] : [];
  });
  return (request: Parts): Parts => {
    const valid = { ...request };
    const details = new Map<string, Joi.ValidationError>();
    for (const [segment, schema] of all) {
      const { value, error } = schema.validate(request[segment], VALIDATION);
      if (error) details.set(segment, error);
      else valid[segment] = value;
    }
    if (details.size > 0) throw fromCelebrate({ details });
    return valid;
  };
}

/** Everything that the schemas found wrong with a request, as one error. */
export function fromCelebrate({ details }: Pick<CelebrateError, 'details'>): SpooliteError {
  const found = [...details].flatMap(([segment, error]) =>
    error.details.map((item) => fieldProblem(item, segment)),
  );
  return validationFailed(found);
}

import type Joi from 'joi';
import { fieldProblem, validationFailed } from './problems.js';

/** The parts of a request with a schema, in the order in which problems are listed. */
const PARTS = ['headers', 'params', 'query', 'body'] as const;

type Part = (typeof PARTS)[number];

export type RequestSchemas = Partial<Record<Part, Joi.Schema>>;

export type RequestParts = { [Name in Part]?: unknown };

/** Lists every problem of a request, not only the first. */
const OPTIONS = { abortEarly: false } as const;

interface Check {
  part: Part;
  schema: Joi.Schema;
  /** The result for an empty object if that is valid: a request without a query then needs no validation. */
  whenEmpty: object | undefined;
  /** Whether a value is valid and stays as it is: saves validating the same few values repeatedly. */
  isPlain: ((value: never) => boolean) | undefined;
}

function checkOf(part: Part, schema: Joi.Schema): Check {
  const { value, error } = schema.validate({}, OPTIONS);
  const { metas = [] } = schema.describe() as { metas?: { isPlain?: (value: never) => boolean }[] };
  return {
    part,
    schema,
    whenEmpty: error || part === 'body' ? undefined : Object.freeze(value),
    isPlain: metas.find(({ isPlain }) => isPlain)?.isPlain,
  };
}

const isEmpty = (value: unknown): boolean => {
  for (const _name in value as object) return false;
  return true;
};

/**
 * Builds the validation of a request from a route's schemas: it converts values and fills in defaults, part by part,
 * and throws VALIDATION_FAILED. A schema with `isPlain` in its `meta` is skipped for values that satisfy it.
 */
export function validator(schemas: RequestSchemas): (request: RequestParts) => RequestParts {
  const checks = PARTS.flatMap((part) => {
    const schema = schemas[part];
    return schema ? [checkOf(part, schema)] : [];
  });
  return (request) => {
    const problems = [];
    for (const { part, schema, whenEmpty, isPlain } of checks) {
      const given = request[part];
      if (isPlain?.(given as never)) continue;
      if (whenEmpty && isEmpty(given)) {
        request[part] = whenEmpty;
        continue;
      }
      const { value, error } = schema.validate(given, OPTIONS);
      if (error) problems.push(...error.details.map((item) => fieldProblem(item, part)));
      else request[part] = value;
    }
    if (problems.length > 0) throw validationFailed(problems);
    return request;
  };
}

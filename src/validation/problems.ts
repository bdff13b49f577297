import type { Context, ValidationErrorItem } from 'joi';
import { type FieldProblem, SpooliteError } from '../core/errors.js';
import { jsonPointer } from '../core/json.js';

/** Most problems in a reply, and most in its sentence for people. */
const MAX_LISTED = 100;
const MAX_IN_SENTENCE = 5;

/** Longest pointer in that sentence. */
const MAX_POINTER = 100;

const clip = (pointer: string): string =>
  pointer.length > MAX_POINTER ? `${pointer.slice(0, MAX_POINTER).toWellFormed()}…` : pointer;

const format = ({ pointer, message }: FieldProblem): string => `${clip(pointer) || 'body'}: ${message}`;

/** The error for a request with these problems; duplicates from two rules are merged. */
export function validationFailed(found: readonly FieldProblem[]): SpooliteError {
  const distinct = new Map(found.map((problem) => [`${problem.pointer} ${problem.message}`, problem]));
  const problems = [...distinct.values()];
  const listed = problems.slice(0, MAX_IN_SENTENCE).map(format);
  const left = problems.length - listed.length;
  const detail = `The request is not valid: ${listed.join('; ')}${left > 0 ? `; and ${left} more` : ''}`;
  return new SpooliteError('VALIDATION_FAILED', detail, problems.slice(0, MAX_LISTED));
}

/**
 * The pointer leads into the body; for a parameter of the path, the query or a header it is `/` and its name. A schema
 * that checks inside a value adds the rest of the pointer in its context.
 */
export function fieldProblem(item: ValidationErrorItem, segment = 'body'): FieldProblem {
  const { path, type, message, context = {} } = item;
  const pointer = jsonPointer(path) + (context.pointer ?? '');
  const repeated = segment === 'query' && Array.isArray(context.value) && !type.startsWith('query.');
  if (repeated) return { pointer, message: 'is given more than once' };
  return { pointer, message: MESSAGES[type]?.(context) ?? message };
}

/**
 * Messages by Joi's code or ours, worded to follow the name of the value. Not set in the schemas, because Joi would
 * merge them again on every validation, at several times the cost of the validation itself.
 */
export const MESSAGES: Readonly<Record<string, (context: Context) => string>> = Object.freeze({
  'any.only': ({ valids }) => `must be one of ${valids.join(', ')}`,
  'any.required': () => 'is required',
  'array.base': () => 'must be an array',
  'array.max': ({ limit }) => `must not have more than ${limit} elements`,
  'array.min': ({ limit }) => `must have at least ${limit} element${limit === 1 ? '' : 's'}`,
  'boolean.base': () => 'must be true or false',
  'number.base': () => 'must be a number',
  'number.infinity': () => 'must be a finite number',
  'number.integer': () => 'must be an integer',
  'number.max': ({ limit }) => `must be ${limit} or less`,
  'number.min': ({ limit }) => `must be ${limit} or more`,
  'number.unsafe': () => 'must be a number that can be represented without rounding',
  'object.base': () => 'must be an object',
  'object.unknown': () => 'is not a known field',
  'string.base': () => 'must be a string',
  'string.empty': () => 'must not be empty',
  'bulk.empty': () => 'must have a condition; send {"all": true} to select all tasks',
  'history.spans': ({ max }) => `must be larger: a reply has at most ${max} spans`,
  'id.base': () => 'must be a positive integer without leading zeros',
  'ids.alone': () => 'cannot be combined with ids',
  'ids.base': () => 'must be task ids: positive integers without leading zeros, separated by commas',
  'ids.max': ({ limit }) => `must not have more than ${limit} ids`,
  'instant.base': () =>
    'must be an RFC 3339 date-time of the years 1970 to 9999, such as 2025-11-05T19:35:00Z (no zone means UTC)',
  'json.problem': ({ message }) => message,
  'json.size': ({ max }) => `must not have more than ${max} bytes as JSON`,
  'key.batch': () => 'belongs to a single enqueue only; give each task its own idempotency_key',
  'key.header': ({ max }) =>
    `must be 1 to ${max} printable ASCII characters, in double quotes if a comma or a quote is among them; put other keys in the body`,
  'query.list': () => 'is given more than once; write several as ids=1,2',
  'query.unknown': ({ advice }) => `is not a known parameter: ${advice}`,
  'text.control': () => 'must not contain control characters',
  'text.length': ({ max }) => `must not be longer than ${max} characters`,
  'text.surrogate': () => 'contains half of a surrogate pair, which UTF-8 cannot hold',
});

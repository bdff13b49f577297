import type { CelebrateError } from 'celebrate';
import type { ValidationErrorItem } from 'joi';
import { jsonPointer } from '../../domain/json-pointer.js';
import { type FieldProblem, SpooliteError } from '../../domain/spoolite-error.js';
import { MESSAGES } from '../schemas/messages.js';

/** Most problems that are listed, and most that are told in the one sentence for people. */
const MAX_LISTED = 100;
const MAX_TOLD = 5;
const MAX_POINTER = 100;

/**
 * The pointer leads into the body; to a parameter of the path, the query or a header it is `/` and its name.
 * A schema that looks into a value itself says in its context how it goes on from there.
 */
function toProblem(
  { path, type, message, context = {} }: ValidationErrorItem,
  segment: string,
): FieldProblem {
  const pointer = jsonPointer(path) + (context.pointer ?? '');
  const repeated = segment === 'query' && Array.isArray(context.value);
  if (repeated) return { pointer, message: 'is given more than once' };
  return { pointer, message: MESSAGES[type]?.(context) ?? message };
}

const clip = (pointer: string): string =>
  pointer.length > MAX_POINTER ? `${pointer.slice(0, MAX_POINTER).toWellFormed()}…` : pointer;

const tell = ({ pointer, message }: FieldProblem): string => `${clip(pointer) || 'body'}: ${message}`;

function summarise(problems: readonly FieldProblem[]): string {
  const told = problems.slice(0, MAX_TOLD).map(tell);
  const left = problems.length - told.length;
  return `The request is not valid: ${told.join('; ')}${left > 0 ? `; and ${left} more` : ''}`;
}

/** Everything that the schemas found wrong with a request, as one error. */
export function toValidationError({ details }: CelebrateError): SpooliteError {
  const problems = [...details].flatMap(([segment, error]) =>
    error.details.map((item) => toProblem(item, segment)),
  );
  return new SpooliteError('VALIDATION_FAILED', summarise(problems), problems.slice(0, MAX_LISTED));
}

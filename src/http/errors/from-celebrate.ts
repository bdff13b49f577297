import type { CelebrateError } from 'celebrate';
import type { ValidationErrorItem } from 'joi';
import { jsonPointer } from '../../domain/json-pointer.js';
import type { FieldProblem, SpooliteError } from '../../domain/spoolite-error.js';
import { MESSAGES } from '../schemas/messages.js';
import { validationFailed } from './validation-failed.js';

/**
 * The pointer leads into the body; to a parameter of the path, the query or a header it is `/` and its name.
 * A schema that looks into a value itself says in its context how it goes on from there.
 */
function toProblem(item: ValidationErrorItem, segment: string): FieldProblem {
  const { path, type, message, context = {} } = item;
  const pointer = jsonPointer(path) + (context.pointer ?? '');
  const repeated = segment === 'query' && Array.isArray(context.value);
  if (repeated) return { pointer, message: 'is given more than once' };
  return { pointer, message: MESSAGES[type]?.(context) ?? message };
}

/** Everything that the schemas found wrong with a request, as one error; what two rules find alike is said once. */
export function fromCelebrate({ details }: CelebrateError): SpooliteError {
  const found = [...details].flatMap(([segment, error]) =>
    error.details.map((item) => toProblem(item, segment)),
  );
  const distinct = new Map(found.map((problem) => [`${problem.pointer} ${problem.message}`, problem]));
  return validationFailed([...distinct.values()]);
}

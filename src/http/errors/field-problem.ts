import type { ValidationErrorItem } from 'joi';
import { jsonPointer } from '../../domain/json-pointer.js';
import type { FieldProblem } from '../../domain/spoolite-error.js';
import { MESSAGES } from '../schemas/messages.js';

/**
 * The pointer leads into the body; to a parameter of the path, the query or a header it is `/` and its name.
 * A schema that looks into a value itself says in its context how it goes on from there.
 */
export function fieldProblem(item: ValidationErrorItem, segment = 'body'): FieldProblem {
  const { path, type, message, context = {} } = item;
  const pointer = jsonPointer(path) + (context.pointer ?? '');
  const repeated = segment === 'query' && Array.isArray(context.value) && !type.startsWith('query.');
  if (repeated) return { pointer, message: 'is given more than once' };
  return { pointer, message: MESSAGES[type]?.(context) ?? message };
}

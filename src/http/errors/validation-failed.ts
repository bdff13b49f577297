import { type FieldProblem, SpooliteError } from '../../domain/spoolite-error.js';

/** Most problems that are listed, and most that are told in the one sentence for people. */
const MAX_LISTED = 100;
const MAX_TOLD = 5;

/** Most of a pointer that is told in that sentence. */
const MAX_POINTER = 100;

const clip = (pointer: string): string =>
  pointer.length > MAX_POINTER ? `${pointer.slice(0, MAX_POINTER).toWellFormed()}…` : pointer;

const tell = ({ pointer, message }: FieldProblem): string => `${clip(pointer) || 'body'}: ${message}`;

/** The error for a request with these problems; what two rules find alike is said once. */
export function validationFailed(found: readonly FieldProblem[]): SpooliteError {
  const distinct = new Map(found.map((problem) => [`${problem.pointer} ${problem.message}`, problem]));
  const problems = [...distinct.values()];
  const told = problems.slice(0, MAX_TOLD).map(tell);
  const left = problems.length - told.length;
  const detail = `The request is not valid: ${told.join('; ')}${left > 0 ? `; and ${left} more` : ''}`;
  return new SpooliteError('VALIDATION_FAILED', detail, problems.slice(0, MAX_LISTED));
}

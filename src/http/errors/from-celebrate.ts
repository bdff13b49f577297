import type { CelebrateError } from 'celebrate';
import type { SpooliteError } from '../../domain/spoolite-error.js';
import { fieldProblem } from './field-problem.js';
import { validationFailed } from './validation-failed.js';

/** Everything that the schemas found wrong with a request, as one error. */
export function fromCelebrate({ details }: Pick<CelebrateError, 'details'>): SpooliteError {
  const found = [...details].flatMap(([segment, error]) =>
    error.details.map((item) => fieldProblem(item, segment)),
  );
  return validationFailed(found);
}

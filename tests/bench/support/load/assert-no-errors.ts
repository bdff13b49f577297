import type { LoadResult } from './load.js';

/** Throws when an answer was not what it should be: such a figure would say nothing. */
export function assertNoErrors(result: LoadResult): LoadResult {
  if (result.errors > 0)
    throw new Error(`Answers that are errors, by status: ${JSON.stringify(result.statuses)}`);
  return result;
}

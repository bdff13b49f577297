import { SpooliteError } from '../domain/spoolite-error.js';

/** Pointers into the array of tasks become pointers into the body that holds it. */
export function throwWithinTasks(error: unknown): never {
  if (!(error instanceof SpooliteError)) throw error;
  const problems = error.problems.map(({ pointer, message }) => ({ pointer: `/tasks${pointer}`, message }));
  throw new SpooliteError(error.code, error.message, problems);
}

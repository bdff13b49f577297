import { taskNotFound } from '../domain/spoolite-error.js';

export interface TaskParams {
  /** Digits without a leading zero. */
  task_id: string;
}

/** The id in the path. Throws TASK_NOT_FOUND for a number too large to be an id. */
export function taskIdOf({ task_id }: TaskParams): number {
  const id = Number(task_id);
  if (!Number.isSafeInteger(id)) throw taskNotFound(task_id);
  return id;
}

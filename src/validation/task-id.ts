import type { CustomHelpers } from 'joi';
import { taskNotFound } from '../core/errors.js';
import { Schema } from './schema.js';

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

/** Digits; {@link taskIdOf} checks the range. */
export const taskParams = Schema.object({
  task_id: Schema.string()
    .custom((value: string, { error }: CustomHelpers) =>
      /^[1-9]\d*$/.test(value) ? value : error('id.base'),
    )
    .description('Id of the task, as returned by enqueue.')
    .example(1)
    .meta({ schema: { type: 'integer', minimum: 1 } }),
}).meta({ isPlain: ({ task_id }: { task_id: string }) => /^[1-9]\d{0,14}$/.test(task_id) });

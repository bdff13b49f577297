import { taskParams } from '../controllers/task-list.js';
import { taskIdOf } from '../controllers/tasks.js';
import { checked } from './checked.js';

/** The id if a task can have it. Throws VALIDATION_FAILED, or TASK_NOT_FOUND where it is too large to exist. */
export const checkedId = (id: number): number => taskIdOf(checked(taskParams, { task_id: String(id) }));

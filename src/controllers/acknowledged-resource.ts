import type { StoredTask } from '../domain/stored-task.js';
import type { Cancelled } from '../repositories/task-repository.js';

/** The answer to who wanted a task to be cancelled. */
export const cancelledResource = ({ id, status, changed }: Cancelled) => ({
  task_id: id,
  status,
  message: changed ? 'Task cancelled successfully' : `Task already ${status}, cannot cancel`,
});

/** The answer to who wanted a task to be tried again. */
export const retriedResource = ({ id, status }: StoredTask) => ({
  task_id: id,
  status,
  message: 'Task queued again',
});

import type { Task } from '../../domain/task.js';
import { recognizeAcrossCopies } from './across-copies.js';
import { TaskFailed } from './task-failed.js';

/** The task that was waited for was cancelled. */
export class TaskCancelled<
  Failed extends Pick<Task, 'taskId' | 'type' | 'failureReason' | 'errorMessage'> = Task,
> extends TaskFailed<Failed> {
  override readonly name = 'TaskCancelled';
  static {
    recognizeAcrossCopies(TaskCancelled, 'TaskCancelled');
  }
}

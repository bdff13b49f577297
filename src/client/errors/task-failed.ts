import type { Task } from '../../domain/task.js';
import type { FailureReason } from '../../domain/task-status.js';
import { recognizeAcrossCopies } from './across-copies.js';

type FailedTask = Pick<Task, 'taskId' | 'type' | 'failureReason' | 'errorMessage'>;

/** The task that was waited for has failed. */
export class TaskFailed<Failed extends FailedTask = Task> extends Error {
  override readonly name: string = 'TaskFailed';
  static {
    recognizeAcrossCopies(TaskFailed, 'TaskFailed');
  }
  readonly taskId: number;
  /** Why; `error` where its attempts are used up. */
  readonly reason: FailureReason;

  /** `task` is the task as it ended. */
  constructor(readonly task: Failed) {
    const { taskId, type, failureReason, errorMessage } = task;
    super(`Task ${taskId} (${type}) failed (${failureReason}): ${errorMessage}`);
    this.taskId = taskId;
    this.reason = failureReason ?? 'error';
  }
}

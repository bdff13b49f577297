import { recognizeAcrossCopies } from './across-copies.js';
import { ApiError, type ApiErrorDetails } from './api-error.js';

/** There is no such task: there never was, or it was deleted. */
export class TaskNotFound extends ApiError {
  override readonly name = 'TaskNotFound';
  static {
    recognizeAcrossCopies(TaskNotFound, 'TaskNotFound');
  }

  constructor(detail: string, details: Partial<ApiErrorDetails> = {}) {
    super(detail, {
      code: 'TASK_NOT_FOUND',
      status: 404,
      problems: [],
      requestId: null,
      retryAfterSeconds: null,
      ...details,
    });
  }
}

/** As a server would say it of a task that has gone while somebody followed it. */
export const goneTask = (id: number): TaskNotFound => new TaskNotFound(`Task ${id} not found`);

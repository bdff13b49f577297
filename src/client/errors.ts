import type { ErrorCode, FieldProblem } from '../core/errors.js';
import type { FailureReason, Task } from '../core/task.js';

/** What is known of an answer that was an error. */
export interface ApiErrorDetails {
  code: ErrorCode | null;
  status: number;
  problems: readonly FieldProblem[];
  requestId: string | null;
  retryAfterSeconds: number | null;
}

/** The server has answered with an error. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  static {
    recognizeAcrossCopies(ApiError, 'ApiError');
  }
  /** The API's `error_code`; null when the answer does not come from a Spoolite server, but from a proxy, say. */
  readonly code: ErrorCode | null;
  /** Of HTTP. */
  readonly status: number;
  /** The API's `errors`: where the request is wrong; empty for an error that is not about a field. */
  readonly problems: readonly FieldProblem[];
  /** Under which the server's log has more. */
  readonly requestId: string | null;
  /** When asking again is worth while, where the server said so. */
  readonly retryAfterSeconds: number | null;

  /** `detail` is one sentence for people, and the error's message. */
  constructor(
    readonly detail: string,
    { code, status, problems, requestId, retryAfterSeconds }: ApiErrorDetails,
  ) {
    super(detail);
    this.code = code;
    this.status = status;
    this.problems = problems;
    this.requestId = requestId;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

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

/**
 * There was no answer: nobody listens there, the connection was lost, or it took too long. What a write has done by then
 * is not known; with an idempotency key it can simply be sent again.
 */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  static {
    recognizeAcrossCopies(ConnectionError, 'ConnectionError');
  }

  /** `url` is that of the server. */
  constructor(
    message: string,
    readonly url: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

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

/** The task that was waited for was cancelled. */
export class TaskCancelled<
  Failed extends Pick<Task, 'taskId' | 'type' | 'failureReason' | 'errorMessage'> = Task,
> extends TaskFailed<Failed> {
  override readonly name = 'TaskCancelled';
  static {
    recognizeAcrossCopies(TaskCancelled, 'TaskCancelled');
  }
}

/** The task that was waited for did not end in time. It goes on. */
export class WaitTimeout extends Error {
  override readonly name = 'WaitTimeout';
  static {
    recognizeAcrossCopies(WaitTimeout, 'WaitTimeout');
  }

  /** `timeout` is in milliseconds. */
  constructor(
    readonly taskId: number,
    readonly timeout: number,
  ) {
    super(`Task ${taskId} was not done within ${timeout} ms`);
  }
}

/** The same as in the domain, of which the client knows types alone. */
export function recognizeAcrossCopies(type: { prototype: object }, name: string): void {
  const mark = Symbol.for(`spoolite.${name}`);
  Object.defineProperty(type.prototype, mark, { value: true });
  Object.defineProperty(type, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      if (this === type) return Object(value)[mark] === true;
      return Function.prototype[Symbol.hasInstance].call(this, value);
    },
  });
}

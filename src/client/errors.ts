import type { ErrorCode, FieldProblem } from '../core/errors.js';
import type { FailureReason, Task } from '../core/task.js';

/** The content of an error reply. */
export interface ApiErrorDetails {
  code: ErrorCode | null;
  status: number;
  problems: readonly FieldProblem[];
  requestId: string | null;
  retryAfterSeconds: number | null;
}

/** The server replied with an error. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  static {
    recognizeAcrossCopies(ApiError, 'ApiError');
  }
  /** The API's `error_code`; null if the reply is not from a Spoolite server, but from a proxy, for example. */
  readonly code: ErrorCode | null;
  /** The HTTP status. */
  readonly status: number;
  /** The API's `errors`: where the request is wrong; empty for an error that concerns no field. */
  readonly problems: readonly FieldProblem[];
  /** Finds the details in the server's log. */
  readonly requestId: string | null;
  /** Seconds until a retry is worthwhile, if the server sent them. */
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

/** The task does not exist: it never did, or it was deleted. */
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

/** Equal to the server's error, for a task deleted while it was followed. */
export const goneTask = (id: number): TaskNotFound => new TaskNotFound(`Task ${id} not found`);

/**
 * There was no reply: the server was unreachable, the connection was lost, or it took too long. The outcome of a write
 * is unknown; with an idempotency key it can be repeated safely.
 */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  static {
    recognizeAcrossCopies(ConnectionError, 'ConnectionError');
  }

  constructor(
    message: string,
    readonly url: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

type FailedTask = Pick<Task, 'taskId' | 'type' | 'failureReason' | 'errorMessage'>;

/** The awaited task has failed. */
export class TaskFailed<Failed extends FailedTask = Task> extends Error {
  override readonly name: string = 'TaskFailed';
  static {
    recognizeAcrossCopies(TaskFailed, 'TaskFailed');
  }
  readonly taskId: number;
  /** Why; `error` if its attempts are used up. */
  readonly reason: FailureReason;

  /** `task` is its final state. */
  constructor(readonly task: Failed) {
    const { taskId, type, failureReason, errorMessage } = task;
    super(`Task ${taskId} (${type}) failed (${failureReason}): ${errorMessage}`);
    this.taskId = taskId;
    this.reason = failureReason ?? 'error';
  }
}

/** The awaited task was cancelled. */
export class TaskCancelled<
  Failed extends Pick<Task, 'taskId' | 'type' | 'failureReason' | 'errorMessage'> = Task,
> extends TaskFailed<Failed> {
  override readonly name = 'TaskCancelled';
  static {
    recognizeAcrossCopies(TaskCancelled, 'TaskCancelled');
  }
}

/** The awaited task did not end in time. It goes on. */
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

/** A copy of the function in `core`, as the client may import only types from there. */
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

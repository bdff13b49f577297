export type { JsonObject, JsonValue } from '../domain/json.js';
export type { LogLevel } from '../domain/log-level.js';
export type { Scope } from '../domain/scope.js';
export type { ErrorCode, FieldProblem } from '../domain/spoolite-error.js';
export type { Task } from '../domain/task.js';
export type { FailureReason, TaskStatus } from '../domain/task-status.js';
export type * from './bulk.js';
export type { ClientOptions } from './client-options.js';
export { createClient } from './create-client.js';
export { ApiError, type ApiErrorDetails } from './errors/api-error.js';
export { ConnectionError } from './errors/connection-error.js';
export { TaskCancelled } from './errors/task-cancelled.js';
export { TaskFailed } from './errors/task-failed.js';
export { TaskNotFound } from './errors/task-not-found.js';
export { WaitTimeout } from './errors/wait-timeout.js';
export type { AnyNewTask, NewTask, NewTaskOptions } from './new-task.js';
export type * from './queries.js';
export type * from './replies.js';
export { SpooliteClient } from './spoolite-client.js';
export type { TaskQueue } from './task-queue.js';
export type {
  AnyTasks,
  CompletedTask,
  QueueOutlook,
  TaskId,
  TaskOf,
  TaskTypes,
  TypeOf,
} from './task-types.js';

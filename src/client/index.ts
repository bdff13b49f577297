export type { Scope } from '../core/access.js';
export type { ErrorCode, FieldProblem } from '../core/errors.js';
export type { JsonObject, JsonValue } from '../core/json.js';
export type { FailureReason, Task, TaskStatus } from '../core/task.js';
export type { LogLevel } from '../core/task-log.js';
export type { BulkAction, BulkFilter, BulkOptions, BulkPreview, ReasonCounts } from './bulk.js';
export type { ClientOptions } from './connection.js';
export {
  ApiError,
  type ApiErrorDetails,
  ConnectionError,
  TaskCancelled,
  TaskFailed,
  TaskNotFound,
  WaitTimeout,
} from './errors.js';
export type * from './queries.js';
export type * from './replies.js';
export { createClient, SpooliteClient } from './spoolite-client.js';
export type { TaskQueue } from './task-queue.js';
export type {
  AnyNewTask,
  AnyTasks,
  CompletedTask,
  NewTask,
  NewTaskOptions,
  QueuedTaskEstimate,
  TaskId,
  TaskOf,
  TaskTypes,
  TypeOf,
} from './task-types.js';

export {
  type App,
  type AppOptions,
  createApp,
  createQueue,
  createWorker,
  type OpenQueue,
  type StandaloneWorker,
  type StandaloneWorkerOptions,
  type StorageOptions,
} from './app.js';
export type { BulkAction, BulkFilter, BulkOptions, BulkPreview } from './client/bulk.js';
export {
  TaskCancelled,
  TaskFailed,
  TaskNotFound,
  WaitTimeout,
} from './client/index.js';
export type * from './client/queries.js';
export type * from './client/replies.js';
export type { TaskQueue } from './client/task-queue.js';
export type * from './client/task-types.js';
export type { AnyNewTask, NewTask, NewTaskOptions } from './client/task-types.js';
export { type Clock, ManualClock, systemClock } from './core/clock.js';
export {
  ERROR_CODES,
  type ErrorCode,
  Rejected,
  RetryAfter,
  SpooliteError,
  UserError,
} from './core/errors.js';
export type { JsonObject, JsonValue } from './core/json.js';
export type { BackupPlan } from './core/maintenance.js';
export type { RetryPolicy } from './core/retry.js';
export type { Task } from './core/task.js';
export { FAILURE_REASONS, type FailureReason, TASK_STATUSES, type TaskStatus } from './core/task.js';
export { STRATEGIES, type Strategy } from './core/workers.js';
export type { Queue } from './queue/queue.js';
export { currentTraceparent } from './queue/queue.js';
export { AttemptOver } from './worker/attempt.js';
export type { Handler, HandlerContext, HandlerOptions, Handlers } from './worker/handlers.js';
export type { WorkerOptions } from './worker/options.js';

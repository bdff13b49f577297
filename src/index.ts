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
export type { AnyNewTask, NewTask, NewTaskOptions } from './client/new-task.js';
export type * from './client/queries.js';
export type * from './client/replies.js';
export type { TaskQueue } from './client/task-queue.js';
export type * from './client/task-types.js';
export type { BackupPlan } from './domain/backup-plan.js';
export { type Clock, systemClock } from './domain/clock.js';
export type { JsonObject, JsonValue } from './domain/json.js';
export { ManualClock } from './domain/manual-clock.js';
export { Rejected } from './domain/rejected.js';
export { RetryAfter } from './domain/retry-after.js';
export type { RetryPolicy } from './domain/retry-policy.js';
export { ERROR_CODES, type ErrorCode, SpooliteError } from './domain/spoolite-error.js';
export { StartupError } from './domain/startup-error.js';
export { STRATEGIES, type Strategy } from './domain/strategy.js';
export type { Task } from './domain/task.js';
export { FAILURE_REASONS, type FailureReason, TASK_STATUSES, type TaskStatus } from './domain/task-status.js';
export { currentTraceparent } from './queue/current-traceparent.js';
export type { Queue } from './queue/queue.js';
export { AttemptOver } from './worker/attempt-over.js';
export type { Handler, HandlerContext, HandlerOptions, Handlers } from './worker/handler.js';
export type { WorkerOptions } from './worker/worker-settings.js';

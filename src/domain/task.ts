import type { JsonObject, JsonValue } from './json.js';
import type { StoredTask } from './stored-task.js';
import type { FailureReason, TaskStatus } from './task-status.js';

/** A task as TypeScript code sees it: camelCase, `Date` instants, parsed JSON. */
export interface Task<Payload = JsonObject, Result = JsonValue> {
  taskId: number;
  type: string;
  status: TaskStatus;
  priority: number;
  attempts: number;
  maxAttempts: number;
  /** Null, whatever its type says, where the server keeps payloads from the key that asks. */
  payload: Payload;
  compatibility: JsonObject;
  /** 0 to 100, or null when the handler has not said. */
  progress: number | null;
  progressMessage: string | null;
  result: Result | null;
  errorMessage: string | null;
  failureReason: FailureReason | null;
  createdAt: Date;
  updatedAt: Date;
  runAfter: Date;
  processingStartedAt: Date | null;
  finishedAt: Date | null;
  leaseUntil: Date | null;
  lockedBy: string | null;
  idempotencyKey: string | null;
  done: boolean;
}

const dateOrNull = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

/** The one mapper from what storage returns to what TypeScript code sees. */
export function toTask(stored: StoredTask): Task {
  return {
    taskId: stored.id,
    type: stored.type,
    status: stored.status,
    priority: stored.priority,
    attempts: stored.attempts,
    maxAttempts: stored.maxAttempts,
    payload: JSON.parse(stored.payload),
    compatibility: JSON.parse(stored.compatibility),
    progress: stored.progress,
    progressMessage: stored.progressMessage,
    result: stored.result === null ? null : JSON.parse(stored.result),
    errorMessage: stored.errorMessage,
    failureReason: stored.failureReason,
    createdAt: new Date(stored.createdAt),
    updatedAt: new Date(stored.updatedAt),
    runAfter: new Date(stored.runAfter),
    processingStartedAt: dateOrNull(stored.processingStartedAt),
    finishedAt: dateOrNull(stored.finishedAt),
    leaseUntil: dateOrNull(stored.leaseUntil),
    lockedBy: stored.lockedBy,
    idempotencyKey: stored.idempotencyKey,
    done: stored.finishedAt !== null,
  };
}

import type { JsonObject, JsonValue } from './json.js';

/** Every status a task can have. "Scheduled" and "waiting to retry" are `queued` with a later due time. */
export const TASK_STATUSES = ['queued', 'processing', 'completed', 'failed'] as const;

export type TaskStatus = (typeof TASK_STATUSES)[number];

/** Why a failed task failed; null on every other task. */
export const FAILURE_REASONS = [
  'error',
  'cancelled',
  'timeout',
  'lease_expired',
  'rejected',
  'no_handler',
] as const;

export type FailureReason = (typeof FAILURE_REASONS)[number];

export const isFinished = (status: TaskStatus): boolean => status === 'completed' || status === 'failed';

/**
 * A task as a repository returns it: instants are milliseconds since 1970 UTC, JSON fields are still text,
 * so that a poll can be answered without parsing what it only passes on.
 */
export interface StoredTask {
  id: number;
  type: string;
  status: TaskStatus;
  priority: number;
  attempts: number;
  maxAttempts: number;
  /** JSON text of an object. */
  payload: string;
  /** Canonical JSON text of an object. */
  compatibility: string;
  progress: number | null;
  progressMessage: string | null;
  /** JSON text of any value, or null before there is one. */
  result: string | null;
  errorMessage: string | null;
  failureReason: FailureReason | null;
  createdAt: number;
  updatedAt: number;
  runAfter: number;
  processingStartedAt: number | null;
  finishedAt: number | null;
  leaseUntil: number | null;
  lockedBy: string | null;
  idempotencyKey: string | null;
  /** Raised by every committed change of any task; unique. */
  revision: number;
}

const lengthOf = (text: string | null): number => (text === null ? 0 : text.length);

/** Characters of all texts of a task. */
export const textLength = (task: StoredTask): number =>
  task.type.length +
  task.payload.length +
  task.compatibility.length +
  lengthOf(task.progressMessage) +
  lengthOf(task.result) +
  lengthOf(task.errorMessage) +
  lengthOf(task.lockedBy) +
  lengthOf(task.idempotencyKey);

/** A task somebody has just claimed, with the proof of it. */
export interface ClaimedTask extends StoredTask {
  leaseToken: string;
  /** Milliseconds each renewal of the lease lasts. */
  leaseMs: number;
  /** W3C trace context of the request that enqueued it. */
  traceparent: string | null;
}

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

import type { FailureReason, TaskStatus } from './task-status.js';

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

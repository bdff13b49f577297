import { tasks } from '../../db/sqlite/schema.js';

/** The columns of a `StoredTask`, in the order of the resource. */
export const taskColumns = {
  id: tasks.id,
  type: tasks.type,
  status: tasks.status,
  priority: tasks.priority,
  attempts: tasks.attempts,
  maxAttempts: tasks.maxAttempts,
  payload: tasks.payload,
  compatibility: tasks.compatibility,
  progress: tasks.progress,
  progressMessage: tasks.progressMessage,
  result: tasks.result,
  errorMessage: tasks.errorMessage,
  failureReason: tasks.failureReason,
  createdAt: tasks.createdAt,
  updatedAt: tasks.updatedAt,
  runAfter: tasks.runAfter,
  processingStartedAt: tasks.processingStartedAt,
  finishedAt: tasks.finishedAt,
  leaseUntil: tasks.leaseUntil,
  lockedBy: tasks.lockedBy,
  idempotencyKey: tasks.idempotencyKey,
  revision: tasks.revision,
};

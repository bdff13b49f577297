import { TEXT_LIMITS } from './text-limits.js';

/** Ranges and defaults of what a task may carry: one truth for validation, schema and documentation. */
export const TASK_LIMITS = Object.freeze({
  nameLength: TEXT_LIMITS.name,
  priority: { min: 1, max: 1000, default: 100 },
  maxAttempts: { min: 1, max: 10, default: 5 },
  idempotencyKeyLength: TEXT_LIMITS.idempotencyKey,
  listLimit: { max: 1000, default: 100 },
  batchSize: 1000,
});

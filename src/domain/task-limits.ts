/** Ranges and defaults of what a task may carry: one truth for validation, schema and documentation. */
export const TASK_LIMITS = Object.freeze({
  nameLength: 200,
  priority: { min: 1, max: 1000, default: 100 },
  maxAttempts: { min: 1, max: 10, default: 5 },
  idempotencyKeyLength: 255,
  listLimit: { max: 1000, default: 100 },
  batchSize: 1000,
});

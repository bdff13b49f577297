import type { CustomHelpers } from 'joi';
import { TASK_LIMITS } from '../../domain/task-limits.js';
import { TASK_STATUSES } from '../../domain/task-status.js';
import { idempotencyKeyHeader } from './idempotency-key-header.js';
import { instant } from './instants.js';
import { jsonObject } from './json-values.js';
import { integer, queryInteger } from './numbers.js';
import { Schema } from './schema.js';
import { idempotencyKey, name } from './texts.js';

/** Digits; whether they are the id of a task, or too many to be, is for the controller to find out. */
export const taskParams = Schema.object({
  task_id: Schema.string().custom((value: string, { error }: CustomHelpers) =>
    /^[1-9]\d*$/.test(value) ? value : error('id.base'),
  ),
});

export const taskListQuery = Schema.object({
  status: Schema.string()
    .valid(...TASK_STATUSES)
    .empty(''),
  type: Schema.string().empty(''),
  limit: queryInteger(TASK_LIMITS.listLimit),
}).unknown();

/** One task as it is asked for, alone or in a batch. */
const newTask = Schema.body({
  type: name().required(),
  priority: integer(TASK_LIMITS.priority),
  payload: jsonObject().default({}),
  compatibility: jsonObject().default({}),
  max_attempts: integer(TASK_LIMITS.maxAttempts),
  run_after_utc: instant().allow(null).default(null),
  idempotency_key: idempotencyKey().allow(null).default(null),
});

export const enqueueSchemas = {
  headers: Schema.object({ 'idempotency-key': idempotencyKeyHeader() }).unknown(),
  body: newTask.required(),
};

export const enqueueBatchSchemas = {
  headers: Schema.object({
    'idempotency-key': Schema.any().custom((_key, { error }: CustomHelpers) => error('key.batch')),
  }).unknown(),
  body: Schema.body({
    tasks: Schema.list().items(newTask).min(1).max(TASK_LIMITS.batchSize).required(),
  }).required(),
};

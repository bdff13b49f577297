import type { CustomHelpers } from 'joi';
import { TASK_LIMITS } from '../../domain/task-limits.js';
import { TASK_STATUSES } from '../../domain/task-status.js';
import { idempotencyKeyHeader } from './idempotency-key-header.js';
import { instant } from './instants.js';
import { jsonObject } from './json-values.js';
import { integer, queryInteger, queryWait } from './numbers.js';
import { Schema } from './schema.js';
import { taskIds } from './task-ids.js';
import { idempotencyKey, name } from './texts.js';

/** Digits; whether they are the id of a task, or too many to be, is for the controller to find out. */
export const taskParams = Schema.object({
  task_id: Schema.string().custom((value: string, { error }: CustomHelpers) =>
    /^[1-9]\d*$/.test(value) ? value : error('id.base'),
  ),
});

export const taskQuery = Schema.object({ wait: queryWait() }).unknown();

/** What a list can be narrowed to. */
export const taskFilters = {
  status: Schema.string()
    .valid(...TASK_STATUSES)
    .empty(''),
  type: Schema.string().empty(''),
};

const LIST_PARAMETERS = ['status', 'type', 'idempotency_key', 'limit', 'cursor'];

/** Tasks asked for by their ids are those and no others. */
function idsAlone(value: { ids?: number[] }, { original, error }: CustomHelpers) {
  const other = value.ids && LIST_PARAMETERS.find((name) => original[name]);
  return other ? error('ids.alone', { pointer: `/${other}` }) : value;
}

export const taskListQuery = Schema.object({
  ...taskFilters,
  idempotency_key: Schema.string().empty(''),
  limit: queryInteger(TASK_LIMITS.listLimit),
  cursor: Schema.string().empty(''),
  ids: taskIds(),
})
  .unknown()
  .custom(idsAlone);

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

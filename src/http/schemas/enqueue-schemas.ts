import type { CustomHelpers } from 'joi';
import { TASK_LIMITS } from '../../domain/task-limits.js';
import { TEXT_LIMITS } from '../../domain/text-limits.js';
import { idempotencyKeyHeader } from './idempotency-key-header.js';
import { instant } from './instants.js';
import { jsonObject, smallJsonObject } from './json-values.js';
import { integer } from './numbers.js';
import { Schema } from './schema.js';
import { idempotencyKey, name } from './texts.js';

/** One task as it is asked for, alone or in a batch. */
const newTask = Schema.body({
  type: name().required().description('The name that picks its handler.'),
  priority: integer(TASK_LIMITS.priority).description('A lower number is claimed first.'),
  payload: jsonObject().default({}).description('The input of its handler.'),
  compatibility: smallJsonObject(TEXT_LIMITS.compatibility)
    .default({})
    .description('What a worker must offer to get it, such as `{"region": "us-west"}`; up to 4 kB as JSON.'),
  max_attempts: integer(TASK_LIMITS.maxAttempts).description('How often it may be tried in all.'),
  run_after_utc: instant()
    .allow(null)
    .default(null)
    .description('When it falls due; null or absent is at once. RFC 3339; without a zone it is UTC.'),
  idempotency_key: idempotencyKey()
    .allow(null)
    .default(null)
    .description('Your name for this enqueue, so that sending it again does not make a second task.'),
}).meta({ name: 'NewTask' });

export const enqueueSchemas = {
  headers: Schema.object({ 'idempotency-key': idempotencyKeyHeader().example('order-4711') }).unknown(),
  body: newTask.required(),
};

export const enqueueBatchSchemas = {
  headers: Schema.object({
    'idempotency-key': Schema.any()
      .custom((_key, { error }: CustomHelpers) => error('key.batch'))
      .meta({ documented: false }),
  }).unknown(),
  body: Schema.body({
    tasks: Schema.list()
      .items(newTask)
      .min(1)
      .max(TASK_LIMITS.batchSize)
      .required()
      .description('All of them are enqueued, in this order, or none.'),
  })
    .meta({ name: 'NewTasks' })
    .required(),
};

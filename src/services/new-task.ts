import type { CustomHelpers } from 'joi';
import { SpooliteError } from '../core/errors.js';
import { canonicalJson, type JsonObject } from '../core/json.js';
import { TASK_LIMITS, TEXT_LIMITS } from '../core/limits.js';
import type { TaskRequest } from '../core/task-request.js';
import { isLongerThan } from '../core/text.js';
import { instant, integer, Schema } from '../validation/schema.js';
import {
  idempotencyKey,
  idempotencyKeyHeader,
  jsonObject,
  name,
  smallJsonObject,
} from '../validation/values.js';

/** One task as it is asked for, alone or in a batch. */
const newTask = Schema.body({
  type: name().required().description('Selects the handler.'),
  priority: integer(TASK_LIMITS.priority).description('A lower number is claimed first.'),
  payload: jsonObject().default({}).description('Input for the handler.'),
  compatibility: smallJsonObject(TEXT_LIMITS.compatibility)
    .default({})
    .description(
      'Capabilities that a worker must have, such as `{"region": "us-west"}`; up to 4 kB as JSON.',
    ),
  max_attempts: integer(TASK_LIMITS.maxAttempts).description(
    'Maximum number of attempts, including the first.',
  ),
  run_after_utc: instant()
    .allow(null)
    .default(null)
    .description('When it is due; null or absent: now. RFC 3339; without a zone it is UTC.'),
  idempotency_key: idempotencyKey()
    .allow(null)
    .default(null)
    .description('Identifies this request, so that sending it again does not create a second task.'),
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

/** A task as a request asks for it, validated, defaults filled in. */
export interface EnqueueFields {
  type: string;
  priority: number;
  payload: JsonObject;
  compatibility: JsonObject;
  max_attempts: number;
  /** Milliseconds since 1970 UTC; null is at once. */
  run_after_utc: number | null;
  idempotency_key: string | null;
}

/** `at` points to the task within its request. Throws VALIDATION_FAILED for a payload that is too large. */
export function toNewTask(fields: EnqueueFields, at = ''): TaskRequest {
  const payload = JSON.stringify(fields.payload);
  requireValueFits(payload, `${at}/payload`);
  return {
    type: fields.type,
    priority: fields.priority,
    payload,
    compatibility: canonicalJson(fields.compatibility),
    maxAttempts: fields.max_attempts,
    runAfter: fields.run_after_utc,
    idempotencyKey: fields.idempotency_key,
  };
}

/** Throws VALIDATION_FAILED for the JSON text of a payload or result that is larger than any may be. */
export function requireValueFits(json: string, pointer: string): void {
  const { value: max } = TEXT_LIMITS;
  if (!isLongerThan(json, max)) return;
  const message = `must not have more than ${max} bytes as JSON`;
  throw new SpooliteError('VALIDATION_FAILED', `The request is not valid: ${pointer}: ${message}`, [
    { pointer, message },
  ]);
}

/** Pointers into the array of tasks become pointers into the body that holds it. */
export function throwWithinTasks(error: unknown): never {
  if (!(error instanceof SpooliteError)) throw error;
  const problems = error.problems.map(({ pointer, message }) => ({ pointer: `/tasks${pointer}`, message }));
  throw new SpooliteError(error.code, error.message, problems);
}

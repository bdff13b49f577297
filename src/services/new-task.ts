import type Joi from 'joi';
import type { CustomHelpers } from 'joi';
import { SpooliteError } from '../core/errors.js';
import { canonicalJson, type JsonObject } from '../core/json.js';
import { TASK_LIMITS } from '../core/limits.js';
import type { TaskField, TaskFieldKind } from '../core/task-field.js';
import { type NamedTaskField, REQUEST_FIELDS } from '../core/task-fields.js';
import type { RequestBody, TaskRequest } from '../core/task-request.js';
import { instant, number, Schema } from '../validation/schema.js';
import {
  freeText,
  idempotencyKeyHeader,
  jsonObject,
  jsonValue,
  name,
  requireValueFits,
  shortText,
  smallJsonObject,
} from '../validation/values.js';

const SCHEMAS: Readonly<Record<TaskFieldKind, (field: TaskField) => Joi.Schema>> = {
  integer: ({ min, max = Number.MAX_SAFE_INTEGER }) => number({ min, max }).integer(),
  number: ({ min, max = Number.MAX_VALUE }) => number({ min, max }),
  text: ({ maxLength }) => (maxLength === undefined ? freeText() : shortText(maxLength)),
  name: () => name(),
  choice: ({ values = [] }) => Schema.string().valid(...values),
  instant: () => instant(),
  object: () => jsonObject(),
  canonicalObject: ({ maxBytes }) => (maxBytes === undefined ? jsonObject() : smallJsonObject(maxBytes)),
  json: () => jsonValue(),
  flag: () => Schema.boolean().strict(),
};

function schemaOf(field: NamedTaskField): Joi.Schema {
  const { default: absent, description = field.description } = field.request ?? {};
  const schema = SCHEMAS[field.kind](field).description(description);
  if (absent === undefined) return schema.required();
  return absent === null ? schema.allow(null).default(null) : schema.default(absent);
}

/** One task of a request, alone or in a batch. */
const newTask = Schema.body(
  Object.fromEntries(REQUEST_FIELDS.map((field) => [field.wire, schemaOf(field)])),
).meta({ name: 'NewTask' });

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
      .description('All or none are enqueued, in this order.'),
  })
    .meta({ name: 'NewTasks' })
    .required(),
};

type Stored = (value: unknown, pointer: string) => unknown;

/** Converts request values for storage; values of other kinds stay as they are. */
const STORED: { readonly [Kind in TaskFieldKind]?: Stored } = {
  object(value, pointer) {
    const json = JSON.stringify(value);
    requireValueFits(json, pointer);
    return json;
  },
  canonicalObject: (value) => canonicalJson(value as JsonObject),
  json: (value) => (value === null ? null : JSON.stringify(value)),
};

const ASKED = REQUEST_FIELDS.map(({ name, wire, kind }) => ({ name, wire, stored: STORED[kind] }));

/** `at` points to the task within its request. Throws VALIDATION_FAILED for a payload that is too large. */
export function toNewTask(body: RequestBody, at = ''): TaskRequest {
  const task: Record<string, unknown> = {};
  for (const { name, wire, stored } of ASKED) {
    const value = body[wire as keyof RequestBody];
    task[name] = stored === undefined ? value : stored(value, `${at}/${wire}`);
  }
  return task as unknown as TaskRequest;
}

/** Rethrows, with pointers into the array of tasks changed to pointers into the request's body. */
export function throwWithinTasks(error: unknown): never {
  if (!(error instanceof SpooliteError)) throw error;
  const problems = error.problems.map(({ pointer, message }) => ({ pointer: `/tasks${pointer}`, message }));
  throw new SpooliteError(error.code, error.message, problems);
}

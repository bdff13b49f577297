import type { TaskField, TaskFieldKind } from '../core/task-field.js';
import { fieldsIn, REPLY_FIELDS, TASK_FIELDS } from '../core/task-fields.js';
import {
  anything,
  flag,
  instant,
  integer,
  list,
  nullable,
  number,
  object,
  resource,
  text,
} from './resource-fields.js';
import { type JsonSchema, named } from './route.js';

const rangeOf = ({ min, max }: TaskField): JsonSchema => ({
  ...(min !== undefined && { minimum: min }),
  ...(max !== undefined && { maximum: max }),
});

const SCHEMAS: Readonly<Record<TaskFieldKind, (description: string, field: TaskField) => JsonSchema>> = {
  integer: (description, field) => integer(description, rangeOf(field)),
  number: (description, field) => number(description, rangeOf(field)),
  text: (description) => text(description),
  name: (description) => text(description),
  choice: (description, { values }) => text(description, { enum: values }),
  instant,
  object,
  canonicalObject: object,
  json: anything,
  flag,
};

/** A field's schema in replies; unless `seesPayloads`, it covers keys that may not see payloads too. */
function schemaOf(field: TaskField, seesPayloads = false): JsonSchema {
  const isMasked = field.masked !== undefined && !seesPayloads;
  const description = isMasked && typeof field.masked === 'string' ? field.masked : field.description;
  const schema = SCHEMAS[field.kind](description, field);
  // Any JSON value already includes null.
  return (field.nullable || isMasked) && field.kind !== 'json' ? nullable(schema) : schema;
}

const membersOf = (fields: readonly TaskField[], seesPayloads = false): Record<string, JsonSchema> =>
  Object.fromEntries(fields.map((field) => [field.wire, schemaOf(field, seesPayloads)]));

export const taskId = schemaOf(TASK_FIELDS.id);

export const taskStatus = schemaOf(TASK_FIELDS.status);

/** The task resource of a poll, a list, the feed and an event. */
export const taskSchema = named(
  'Task',
  resource(
    'A unit of work.',
    {
      ...membersOf(REPLY_FIELDS),
      queue_position: integer(
        'How many tasks would be claimed before it, counted to 1000. Only on a queued task requested by its id.',
        { maximum: 1000 },
      ),
      estimated_start_utc: nullable(
        instant(
          'When it is likely to start; null when no live worker serves its type or meets its compatibility, or there is nothing to estimate from. Only on a queued task requested by its id.',
        ),
      ),
    },
    ['queue_position', 'estimated_start_utc'],
  ),
);

/** A task with lease token and trace context. */
export const claimedTaskSchema = named(
  'ClaimedTask',
  resource('A task with its lease token.', membersOf(fieldsIn('reply', 'claimReply'), true)),
);

export const enqueuedSchema = named(
  'Enqueued',
  resource('A task that was enqueued, now or before.', {
    task_id: taskId,
    status: taskStatus,
    created_at_utc: instant('When it was enqueued.'),
    message: text('What has happened, for people.'),
  }),
);

export const enqueuedBatchSchema = named(
  'EnqueuedBatch',
  resource('The tasks of a batch.', {
    tasks: list('In the order of the request.', enqueuedSchema),
  }),
);

export const outcomeSchema = named(
  'Outcome',
  resource('The resulting state of the task.', {
    task_id: taskId,
    status: taskStatus,
    message: text('What has happened, for people.'),
  }),
);

export const taskChangesSchema = named(
  'TaskChanges',
  resource(
    'The changes after the cursor.',
    {
      changes: list('Tasks as they are now, each once, in the order of their last changes.', taskSchema),
      cursor: text('Where to continue, even if there are no changes.'),
      gone: list(
        'Those of the requested `ids` that do not exist; present whenever tasks were deleted after the cursor.',
        taskId,
      ),
    },
    ['gone'],
  ),
);

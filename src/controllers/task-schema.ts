import { TASK_LIMITS } from '../core/limits.js';
import { FAILURE_REASONS, TASK_STATUSES } from '../core/task.js';
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
import { schemaRef } from './route.js';

const { priority, maxAttempts } = TASK_LIMITS;

export const taskId = integer('Its number: larger than that of every task before, and never used again.', {
  minimum: 1,
});

export const taskStatus = text(
  'Its state. A scheduled task, or one that waits for its next attempt, is `queued` with a later `run_after_utc`.',
  { enum: TASK_STATUSES },
);

const members = {
  task_id: taskId,
  type: text('Selects its handler.'),
  status: taskStatus,
  priority: integer('A lower number is claimed first.', { minimum: priority.min, maximum: priority.max }),
  attempts: integer('Executions begun: 0 when fresh, 1 while the first is running.'),
  max_attempts: integer('Maximum number of attempts.', {
    minimum: maxAttempts.min,
    maximum: maxAttempts.max,
  }),
  payload: nullable(
    object('The input of its handler; null where the server keeps payloads from the key that asks.'),
  ),
  compatibility: object('Capabilities that a worker must have.'),
  progress: nullable(
    number('Progress in percent; null until its handler reports it. 100 on completion.', { maximum: 100 }),
  ),
  progress_message: nullable(text('What is being done, in the words of its handler.')),
  result: anything(
    'What its handler returned; null before it has, when that is what it returned, and where payloads are null.',
  ),
  error_message: nullable(text('Why its last attempt failed; null on a completed one.')),
  failure_reason: nullable(
    text('Why it is `failed`; null on every other task.', { enum: [...FAILURE_REASONS] }),
  ),
  created_at_utc: instant('When it was enqueued.'),
  updated_at_utc: instant('When it last changed.'),
  run_after_utc: instant('When it falls due, or fell due.'),
  processing_started_utc: nullable(instant('When its last attempt began; null while it is queued.')),
  finished_at_utc: nullable(instant('When it was completed or failed; null until then.')),
  lease_until_utc: nullable(
    instant('Until when its worker has it without a heartbeat; null when no worker has it.'),
  ),
  locked_by: nullable(text('The worker that has it, or had it to the end; null while it is queued.')),
  idempotency_key: nullable(text('The name that its enqueue was given.')),
  done: flag('True when it is completed or failed, and will not change unless it is retried.'),
};

/** The task resource, as a poll, a list, the feed and an event have it. */
export const taskSchema = resource(
  'A unit of work.',
  {
    ...members,
    queue_position: integer(
      'How many tasks would be claimed before it, counted to 1000. Only on a queued task that was asked for alone.',
      { maximum: 1000 },
    ),
    estimated_start_utc: nullable(
      instant(
        'When it is likely to start; null when no live worker serves its type or meets its compatibility, or there is nothing to estimate from. Only on a queued task that was asked for alone.',
      ),
    ),
  },
  ['queue_position', 'estimated_start_utc'],
);

/** A task, the proof of holding it, and the trace of whoever enqueued it. */
export const claimedTaskSchema = resource('A task with its lease token.', {
  ...members,
  payload: object('The input of its handler.'),
  lease_token: text('Every write about this attempt must carry it.'),
  traceparent: nullable(
    text(
      'W3C trace context of the request that enqueued it; null when that had none, or none that is valid.',
    ),
  ),
});

/** What those get who have done something to a task as its owner. */
export const enqueuedSchema = resource('A task that was enqueued, now or before.', {
  task_id: taskId,
  status: taskStatus,
  created_at_utc: instant('When it was enqueued.'),
  message: text('What has happened, for people.'),
});

export const enqueuedBatchSchema = resource('The tasks of a batch.', {
  tasks: list('In the order of the request.', schemaRef('Enqueued')),
});

export const outcomeSchema = resource('What has become of the task.', {
  task_id: taskId,
  status: taskStatus,
  message: text('What has happened, for people.'),
});

export const taskChangesSchema = resource(
  'What has changed after the cursor.',
  {
    changes: list('Tasks as they are now, each once, in the order of their last changes.', schemaRef('Task')),
    cursor: text('Where to go on, also when there are no changes.'),
    gone: list(
      'Those of the `ids` asked for that do not exist, said whenever tasks were deleted after the cursor.',
      taskId,
    ),
  },
  ['gone'],
);

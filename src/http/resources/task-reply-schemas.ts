import { schemaRef } from '../openapi/json-schema.js';
import { instant, list, resource, text } from './fields.js';
import { taskId, taskStatus } from './task-schema.js';

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

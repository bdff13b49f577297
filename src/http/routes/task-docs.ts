import { EXAMPLE_TASKS } from '../openapi/example-tasks.js';
import { arrayOf } from '../openapi/json-schema.js';
import { emptyReply, jsonReply } from '../openapi/replies.js';
import type { RouteDocs } from '../route-docs.js';

const { waiting, processing, completed, failed, queued } = EXAMPLE_TASKS;

const find: RouteDocs = {
  operationId: 'getTask',
  tag: 'tasks',
  summary: 'Ask for one task',
  description:
    'The poll. `ETag` and `If-None-Match` make it cheap, `Retry-After` says when to ask again, and `wait` holds the answer back until there is news.\n\nWithout `If-None-Match` a wait ends as soon as the task is done; with it, as soon as the task has another tag. At the end of the wait the answer is what is current.',
  requestHeaders: ['IfNoneMatch', 'Prefer'],
  replies: {
    200: jsonReply(
      'The task as it is now.',
      'Task',
      {
        'Waiting for its turn': waiting,
        'Being worked on': processing,
        Completed: completed,
        Failed: failed,
      },
      ['ETag', 'RetryAfter', 'PreferenceApplied'],
    ),
    304: emptyReply('Nothing has changed since the tag that was sent.', [
      'ETag',
      'RetryAfter',
      'PreferenceApplied',
    ]),
  },
};

const list: RouteDocs = {
  operationId: 'listTasks',
  tag: 'tasks',
  summary: 'List tasks, newest first',
  description:
    'A page of tasks, or those of certain `ids`. `Link` leads to the next page; pages do not shift while tasks are added. A parameter without a value counts as absent.',
  replies: {
    200: jsonReply(
      'The tasks.',
      arrayOf('Task'),
      { 'Two tasks': [{ ...queued, task_id: 2 }, completed], None: [] },
      ['Link'],
    ),
  },
  errors: ['CURSOR_INVALID'],
};

const cancel: RouteDocs = {
  operationId: 'cancelTask',
  tag: 'tasks',
  summary: 'Cancel a task',
  description:
    'A live task is `failed` at once, with the reason `cancelled`; its handler is told, and what it says afterwards changes nothing. A finished task stays as it is, which is no error.',
  replies: {
    200: jsonReply('What has become of it.', 'Outcome', {
      Cancelled: { task_id: 1, status: 'failed', message: 'Task cancelled successfully' },
      'Too late': { task_id: 1, status: 'completed', message: 'Task already completed, cannot cancel' },
    }),
  },
};

const retry: RouteDocs = {
  operationId: 'retryTask',
  tag: 'tasks',
  summary: 'Queue a finished task again',
  description:
    'It is due at once and has all its attempts again; result, progress, error and reason of before are cleared.',
  replies: {
    200: jsonReply('It is queued.', 'Outcome', {
      'Queued again': { task_id: 1, status: 'queued', message: 'Task queued again' },
    }),
  },
  errors: ['TASK_NOT_FINISHED'],
};

export const taskDocs = { find, list, cancel, retry };

import { EXAMPLE_TASKS } from '../openapi/example-tasks.js';
import { examples } from '../openapi/examples.js';
import { arrayOf } from '../openapi/json-schema.js';
import { emptyReply, jsonReply } from '../openapi/replies.js';
import type { RouteDocs } from '../route-docs.js';

const list: RouteDocs = {
  operationId: 'listTaskLogs',
  tag: 'tasks',
  summary: 'Read what happened to a task',
  description:
    'Its transitions and what its handlers said, oldest first. `Link` leads to the next page; a page ends early where entries are large.',
  replies: {
    200: jsonReply(
      'The entries.',
      arrayOf('LogEntry'),
      {
        'Two entries': [
          {
            log_id: 1,
            at_utc: '2025-11-05T19:36:00.000Z',
            level: 'info',
            message: 'Claimed by worker-001',
            details: null,
            attempt: 1,
          },
          {
            log_id: 2,
            at_utc: '2025-11-05T19:36:01.000Z',
            level: 'warning',
            message: 'The file has no sound',
            details: { tracks: 1 },
            attempt: 1,
          },
        ],
      },
      ['Link'],
    ),
  },
  errors: ['CURSOR_INVALID'],
};

const append: RouteDocs = {
  operationId: 'appendTaskLogs',
  tag: 'workers',
  summary: 'Write to the log of a task',
  description: 'Appends what a handler has to say, in order.',
  bodies: examples({
    'One entry': {
      lease_token: EXAMPLE_TASKS.claimed.lease_token,
      entries: [{ level: 'warning', message: 'The file has no sound', details: { tracks: 1 } }],
    },
  }),
  replies: { 202: emptyReply('The entries are stored.') },
  errors: ['LEASE_LOST'],
};

export const logDocs = { list, append };

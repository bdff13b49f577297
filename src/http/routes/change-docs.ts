import { EXAMPLE_TASKS } from '../openapi/example-tasks.js';
import { emptyReply, eventReply, jsonReply } from '../openapi/replies.js';
import type { RouteDocs } from '../route-docs.js';

const feed: RouteDocs = {
  operationId: 'getChanges',
  tag: 'changes',
  summary: 'Ask what has changed since a cursor',
  description:
    'Every task that has changed after the cursor, once, as it is now. Go on with the cursor of the answer, also where it has no changes: nothing is missed, also across restarts. One request looks at no more than a thousand changes, whether they match the filters or not, so an answer may be empty though there is more. A task that is deleted is no change; a request that names `ids` is answered at once when one of those is deleted, and `gone` says which.',
  requestHeaders: ['Prefer'],
  replies: {
    200: jsonReply(
      'The changes.',
      'TaskChanges',
      {
        'One change': { changes: [EXAMPLE_TASKS.completed], cursor: '4805' },
        'Nothing new': { changes: [], cursor: '4805' },
      },
      ['PreferenceApplied'],
    ),
  },
  errors: ['CURSOR_INVALID'],
};

const all: RouteDocs = {
  operationId: 'streamEvents',
  tag: 'changes',
  summary: 'Changes of all tasks as server-sent events',
  description:
    'From now on; or after the cursor, or after `Last-Event-ID`. Changes that follow each other quickly may come as one event with the latest state. The stream ends when the server stops; a client that connects again misses nothing.',
  requestHeaders: ['LastEventId'],
  replies: { 200: eventReply('A stream without an end.') },
  errors: ['CURSOR_INVALID'],
};

const ofTask: RouteDocs = {
  operationId: 'streamTaskEvents',
  tag: 'changes',
  summary: 'Changes of one task as server-sent events',
  description:
    'The task as it is, then its changes. The stream ends when the task is done; and when it is deleted, after an event `gone`.',
  requestHeaders: ['LastEventId'],
  replies: {
    200: eventReply('A stream that ends when the task is done or deleted.'),
    204: emptyReply(
      'The client has seen the task done already. A browser’s `EventSource` does not come back then.',
    ),
  },
  errors: ['CURSOR_INVALID'],
};

export const changeDocs = { feed, all, ofTask };

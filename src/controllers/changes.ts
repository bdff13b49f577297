import type { HttpResponse } from '../auth/exchange.js';
import { TASK_LIMITS } from '../core/limits.js';
import type { ChangeRepository } from '../repositories/change-repository.js';
import { type ChangeFilter, feedPosition, readFeed, wantsOf } from '../services/change-feed.js';
import type { ChangeHub } from '../services/change-hub.js';
import type { LongPollRegistry } from '../services/long-polls.js';
import type { ReplyBudget } from '../services/reply-budget.js';
import { query, queryInteger, queryWait, taskIds } from '../validation/query.js';
import { Schema } from '../validation/schema.js';
import type { EventController } from './events.js';
import { EXAMPLE_TASKS } from './example-tasks.js';
import { jsonArray, sendCounted } from './respond.js';
import type { Route, RouteDocs } from './route.js';
import { emptyReply, eventReply, jsonReply } from './route-docs.js';
import { taskFilters, taskParams } from './task-list.js';
import { taskTextFor } from './task-resource.js';
import { waitSecondsOf } from './tasks.js';

interface FeedRequest {
  query: ChangeFilter & { cursor: string; limit: number; wait?: number };
  headers: { prefer?: string | undefined };
}

/** The change feed: what has changed since a reader last asked. */
export class ChangeController {
  readonly #changes: ChangeRepository;
  readonly #hub: ChangeHub;
  readonly #waits: LongPollRegistry;
  readonly #budget: ReplyBudget;

  constructor(changes: ChangeRepository, hub: ChangeHub, waits: LongPollRegistry, budget: ReplyBudget) {
    this.#changes = changes;
    this.#hub = hub;
    this.#waits = waits;
    this.#budget = budget;
  }

  feed = async (req: FeedRequest, res: HttpResponse): Promise<void> => {
    const after = await feedPosition(this.#changes, req.query.cursor);
    const { limit, ids } = req.query;
    const query = { after, limit, ids, filter: wantsOf(req.query) };
    const seconds = waitSecondsOf(req, res);
    await this.#budget.room(res);
    const begin = (end: () => void) => this.#waits.begin(res, seconds, end);
    const page = await readFeed(this.#changes, this.#hub, query, seconds === 0 ? null : begin);
    if (seconds > 0) this.#waits.assertStillIn(res);
    const changes = jsonArray(page.tasks.map(taskTextFor(res)));
    const gone = page.gone.length > 0 ? `,"gone":${JSON.stringify(page.gone)}` : '';
    sendCounted(res, `{"changes":${changes},"cursor":"${page.revision}"${gone}}`, this.#budget);
  };
}

export const changeRoutes = (changes: ChangeController, events: EventController): Route[] => [
  {
    method: 'get',
    path: '/api/queue/changes',
    scopes: ['read'],
    rateLimit: 'polls',
    schemas: { query: feedQuery },
    docs: changeDocs.feed,
    handle: changes.feed,
  },
  {
    method: 'get',
    path: '/api/queue/events',
    scopes: ['read'],
    rateLimit: 'polls',
    schemas: { query: eventsQuery },
    docs: changeDocs.all,
    handle: events.all,
  },
  {
    method: 'get',
    path: '/api/queue/tasks/:task_id/events',
    scopes: ['read'],
    rateLimit: 'polls',
    schemas: { params: taskParams, query: taskEventsQuery },
    docs: changeDocs.ofTask,
    handle: events.ofTask,
  },
];

/** What the changes can be narrowed to. */
const changeFilters = {
  ...taskFilters,
  ids: taskIds().description('Only these tasks.').example([1, 2, 3]),
};

/** Revisions in digits, or `now`. */
const cursor = () =>
  Schema.string()
    .empty('')
    .meta({ schema: { pattern: '^(0|[1-9][0-9]*|now)$' } });

export const feedQuery = query({
  ...changeFilters,
  cursor: cursor()
    .default('0')
    .description('The revision to start after: the `cursor` of the answer before, or `now`.')
    .example('4711'),
  limit: queryInteger(TASK_LIMITS.listLimit).description('Most changes of one answer.'),
  wait: queryWait(),
});

/** `Last-Event-ID` goes before it: that says how far a client has come, and this where it began. */
const eventCursor = () =>
  cursor()
    .description('The revision to start after, or `now`; `Last-Event-ID` takes precedence.')
    .example('4711');

export const taskEventsQuery = query({ cursor: eventCursor() });

export const eventsQuery = query({ ...changeFilters, cursor: eventCursor() });

const feed: RouteDocs = {
  operationId: 'getChanges',
  tag: 'changes',
  summary: 'List changes since a cursor',
  description:
    'Every task that has changed after the cursor, once, as it is now. Continue with the cursor of the answer, even if it has no changes: nothing is missed, also across restarts. One request looks at no more than a thousand changes, whether they match the filters or not, so an answer may be empty though there is more. A task that is deleted is no change; a request that names `ids` is answered at once when one of those is deleted, and `gone` says which.',
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

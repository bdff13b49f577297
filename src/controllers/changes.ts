import type { HttpResponse } from '../auth/exchange.js';
import { TASK_LIMITS } from '../core/limits.js';
import type { ChangeRepository } from '../repositories/change-repository.js';
import { type ChangeFilter, feedPosition, readFeed, wantsOf } from '../services/change-feed.js';
import type { ChangeHub } from '../services/change-hub.js';
import type { LongPollRegistry } from '../services/long-polls.js';
import type { ReplyBudget } from '../services/reply-budget.js';
import { query, queryInteger, queryWait, taskIds } from '../validation/query.js';
import { Schema } from '../validation/schema.js';
import { EXAMPLE_TASKS } from './example-tasks.js';
import { jsonArray, sendCounted } from './respond.js';
import type { Route, RouteDocs } from './route.js';
import { jsonReply } from './route-docs.js';
import { taskFilters } from './task-list.js';
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
    if (seconds > 0) await this.#waits.assertStillIn(res);
    const changes = jsonArray(page.tasks.map(taskTextFor(res)));
    const gone = page.gone.length > 0 ? `,"gone":${JSON.stringify(page.gone)}` : '';
    sendCounted(res, `{"changes":${changes},"cursor":"${page.revision}"${gone}}`, this.#budget);
  };
}

/** What the changes can be narrowed to. */
export const changeFilters = {
  ...taskFilters,
  ids: taskIds().description('Only these tasks.').example([1, 2, 3]),
};

/** Revisions in digits, or `now`. */
export const changeCursor = () =>
  Schema.string()
    .empty('')
    .meta({ schema: { pattern: '^(0|[1-9][0-9]*|now)$' } });

export const feedQuery = query({
  ...changeFilters,
  cursor: changeCursor()
    .default('0')
    .description('The revision to start after: the `cursor` of the answer before, or `now`.')
    .example('4711'),
  limit: queryInteger(TASK_LIMITS.listLimit).description('Most changes of one answer.'),
  wait: queryWait(),
});

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

export const changeRoutes = (changes: ChangeController): Route[] => [
  {
    method: 'get',
    path: '/api/queue/changes',
    scopes: ['read'],
    rateLimit: 'polls',
    schemas: { query: feedQuery },
    docs: feed,
    handle: changes.feed,
  },
];

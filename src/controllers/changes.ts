import type { HttpResponse } from '../auth/exchange.js';
import type { LongPollRegistry } from '../auth/long-polls.js';
import type { ChangeRepository } from '../repositories/change-repository.js';
import {
  type ChangeFilter,
  feedPosition,
  feedQuery,
  predicateOf,
  readFeed,
} from '../services/change-feed.js';
import type { ChangeHub } from '../services/change-hub.js';
import type { ReplyBudget } from '../services/reply-budget.js';
import { EXAMPLE_TASKS } from './example-tasks.js';
import { jsonArray, sendCounted } from './respond.js';
import type { Route, RouteDocs } from './route.js';
import { jsonReply } from './route-docs.js';
import { taskTextFor } from './task-resource.js';
import { taskChangesSchema } from './task-schema.js';
import { waitSecondsOf } from './tasks.js';

interface FeedRequest {
  query: ChangeFilter & { cursor: string; limit: number; wait?: number };
  headers: { prefer?: string | undefined };
}

/** The change feed: changes since a cursor. */
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
    const query = { after, limit, ids, filter: predicateOf(req.query) };
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

const feed: RouteDocs = {
  operationId: 'getChanges',
  tag: 'changes',
  summary: 'List changes since a cursor',
  description:
    'Every task changed since the cursor, once, in its current state. Continue with the cursor of the answer, even if it has no changes: nothing is missed, also across restarts. One request examines at most a thousand changes, matching or not, so an answer may be empty although there are more. A deletion is not a change; a request with `ids` is answered at once when one of those is deleted, and `gone` lists it.',
  requestHeaders: ['Prefer'],
  replies: {
    200: jsonReply(
      'The changes.',
      taskChangesSchema,
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

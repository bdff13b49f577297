import type { ServerResponse } from 'node:http';
import type { ChangeRepository } from '../repositories/change-repository.js';
import { type ChangeFilter, wantsOf } from './change-filter.js';
import type { ChangeHub } from './changes/change-hub.js';
import { readFeed } from './changes/read-feed.js';
import type { Waits } from './changes/waits.js';
import { feedPosition } from './feed-position.js';
import { jsonArray } from './json-array.js';
import type { ReplyBudget } from './limits/reply-budget.js';
import { taskTextFor } from './task-resource.js';
import { waitSecondsOf } from './wait-seconds.js';

interface FeedRequest {
  query: ChangeFilter & { cursor: string; limit: number; wait?: number };
  headers: { prefer?: string | undefined };
}

/** The change feed: what has changed since a reader last asked. */
export class ChangeController {
  readonly #changes: ChangeRepository;
  readonly #hub: ChangeHub;
  readonly #waits: Waits;
  readonly #budget: ReplyBudget;

  constructor(changes: ChangeRepository, hub: ChangeHub, waits: Waits, budget: ReplyBudget) {
    this.#changes = changes;
    this.#hub = hub;
    this.#waits = waits;
    this.#budget = budget;
  }

  feed = async (req: FeedRequest, res: ServerResponse): Promise<void> => {
    const after = await feedPosition(this.#changes, req.query.cursor);
    const { limit, ids } = req.query;
    const query = { after, limit, ids, wants: wantsOf(req.query) };
    const seconds = waitSecondsOf(req, res);
    await this.#budget.room(res);
    const begin = (end: () => void) => this.#waits.begin(res, seconds, end);
    const page = await readFeed(this.#changes, this.#hub, query, seconds === 0 ? null : begin);
    if (seconds > 0) this.#waits.assertStillIn(res);
    const changes = jsonArray(page.tasks.map(taskTextFor(res)));
    const gone = page.gone.length > 0 ? `,"gone":${JSON.stringify(page.gone)}` : '';
    this.#budget.send(res, `{"changes":${changes},"cursor":"${page.revision}"${gone}}`);
  };
}

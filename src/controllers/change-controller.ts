import type { ServerResponse } from 'node:http';
import type { ChangePage, ChangeQuery, ChangeRepository } from '../repositories/change-repository.js';
import { type ChangeFilter, wantsOf } from './change-filter.js';
import type { ChangeHub } from './changes/change-hub.js';
import { ChangeReader } from './changes/change-reader.js';
import type { Waits } from './changes/waits.js';
import { feedPosition } from './feed-position.js';
import { jsonArray } from './json-array.js';
import { sendJson } from './send-json.js';
import { taskJson } from './task-resource.js';
import { waitSecondsOf } from './wait-seconds.js';

interface FeedRequest {
  query: ChangeFilter & { cursor: string; limit: number; wait?: number };
  headers: { prefer?: string | undefined };
}

const isWorthAnswering = ({ tasks, isLast }: ChangePage): boolean => tasks.length > 0 || !isLast;

/** The change feed: what has changed since a reader last asked. */
export class ChangeController {
  readonly #changes: ChangeRepository;
  readonly #hub: ChangeHub;
  readonly #waits: Waits;

  constructor(changes: ChangeRepository, hub: ChangeHub, waits: Waits) {
    this.#changes = changes;
    this.#hub = hub;
    this.#waits = waits;
  }

  feed = async (req: FeedRequest, res: ServerResponse): Promise<void> => {
    const after = await feedPosition(this.#changes, req.query.cursor);
    const query = { after, limit: req.query.limit, wants: wantsOf(req.query) };
    const seconds = waitSecondsOf(req, res);
    const first = await this.#changes.since(query);
    const isOver = seconds === 0 || isWorthAnswering(first);
    const page = isOver ? first : await this.#next({ ...query, after: first.revision }, seconds, res);
    const changes = jsonArray(page.tasks.map(taskJson));
    sendJson(res, 200, `{"changes":${changes},"cursor":"${page.revision}"}`);
  };

  /** The next changes, or none at the end of the wait. */
  async #next(
    { after, limit, wants }: ChangeQuery,
    seconds: number,
    res: ServerResponse,
  ): Promise<ChangePage> {
    const reader = new ChangeReader(this.#changes, this.#hub, after, wants);
    const callOff = this.#waits.begin(res, seconds, () => reader.end());
    try {
      await reader.open();
      for (let page = await reader.next(limit); page; page = await reader.next(limit)) {
        if (isWorthAnswering(page)) return page;
      }
      return { tasks: [], revision: reader.position, isLast: true };
    } finally {
      callOff();
      reader.close();
    }
  }
}

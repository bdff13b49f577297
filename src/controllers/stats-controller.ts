import type { ServerResponse } from 'node:http';
import type { Clock } from '../domain/clock.js';
import type { StatsRepository } from '../repositories/stats-repository.js';
import { lastMinutes, type SpanQuery } from './last-minutes.js';
import type { OwnUrls } from './own-urls.js';
import { sendJson } from './send-json.js';
import { dueResource, spanResource, statsResource, typeResource } from './stats-resource.js';

interface TypesQuery {
  limit: number;
  after?: string;
}

/** The queue in numbers. */
export class StatsController {
  readonly #stats: StatsRepository;
  readonly #clock: Clock;
  readonly #urls: OwnUrls;

  constructor(stats: StatsRepository, clock: Clock, urls: OwnUrls) {
    this.#stats = stats;
    this.#clock = clock;
    this.#urls = urls;
  }

  overview = async (_req: unknown, res: ServerResponse): Promise<void> => {
    sendJson(res, 200, JSON.stringify(statsResource(await this.#stats.overview(), this.#clock.now())));
  };

  due = async (_req: unknown, res: ServerResponse): Promise<void> => {
    sendJson(res, 200, JSON.stringify(dueResource(await this.#stats.oldestDue(), this.#clock.now())));
  };

  byType = async ({ query }: { query: TypesQuery }, res: ServerResponse): Promise<void> => {
    const { limit, after } = query;
    // One more than asked for tells whether there is a next page.
    const found = await this.#stats.byType(limit + 1, after);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    if (found.length > limit && last) {
      const next = `/api/queue/stats/types?limit=${limit}&after=${encodeURIComponent(last.type)}`;
      this.#urls.linkToNext(res, next);
    }
    sendJson(res, 200, JSON.stringify(page.map(typeResource)));
  };

  history = async ({ query }: { query: SpanQuery }, res: ServerResponse): Promise<void> => {
    const spans = await this.#stats.history(...lastMinutes(query, this.#clock.now()));
    sendJson(res, 200, JSON.stringify(spans.map(spanResource)));
  };
}

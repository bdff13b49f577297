import type { ServerResponse } from 'node:http';
import type { WorkerRepository } from '../repositories/worker-repository.js';
import type { ReplyBudget } from './limits/reply-budget.js';
import type { OwnUrls } from './own-urls.js';
import { PagedList } from './paged-list.js';
import { workerResource } from './worker-resource.js';

interface ListQuery {
  limit: number;
  cursor?: string;
}

export class WorkerController {
  readonly #workers: WorkerRepository;
  readonly #urls: OwnUrls;
  readonly #budget: ReplyBudget;

  constructor(workers: WorkerRepository, urls: OwnUrls, budget: ReplyBudget) {
    this.#workers = workers;
    this.#urls = urls;
    this.#budget = budget;
  }

  list = async ({ query: { limit, cursor } }: { query: ListQuery }, res: ServerResponse): Promise<void> => {
    const list = new PagedList('/api/queue/workers', {});
    const after = list.positionOf(cursor);
    await this.#budget.room(res);
    const { workers, next } = await this.#workers.page({ limit, after });
    if (next !== null) this.#urls.linkToNext(res, list.pathAfter(next, limit));
    this.#budget.send(res, JSON.stringify(workers.map(workerResource)));
  };
}

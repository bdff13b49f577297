import type { HttpResponse } from '../auth/exchange.js';
import { TASK_LIMITS } from '../core/limits.js';
import { WORKER_STATES } from '../core/workers.js';
import type { WorkerRepository } from '../repositories/worker-repository.js';
import { PagedList } from '../services/paged-list.js';
import type { ReplyBudget } from '../services/reply-budget.js';
import { workerResource } from '../services/resources.js';
import { pageCursor, query, queryInteger } from '../validation/query.js';
import type { OwnUrls } from './own-urls.js';
import { flag, instant, integer, list, nullable, object, resource, text } from './resource-fields.js';
import { sendCounted } from './respond.js';
import { arrayOf, named, type Route, type RouteDocs } from './route.js';
import { jsonReply } from './route-docs.js';
import { taskId } from './task-schema.js';

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

  list = async ({ query: { limit, cursor } }: { query: ListQuery }, res: HttpResponse): Promise<void> => {
    const list = new PagedList('/api/queue/workers', {});
    const after = list.positionOf(cursor);
    await this.#budget.room(res);
    const { workers, next } = await this.#workers.page({ limit, after });
    this.#urls.linkToNext(res, list.next(next, limit));
    sendCounted(res, JSON.stringify(workers.map(workerResource)), this.#budget);
  };
}

export const workerListQuery = query({
  limit: queryInteger(TASK_LIMITS.listLimit).description('Most workers on one page.'),
  cursor: pageCursor(),
});

const workerSchema = named(
  'Worker',
  resource('A registered worker.', {
    worker_id: text('Its name.'),
    host: nullable(text('The machine it runs on; null for a worker over HTTP.')),
    pid: nullable(integer('Its process; null for a worker over HTTP.')),
    version: nullable(text('Its version of Spoolite; null for a worker over HTTP.')),
    types: nullable(list('The types it claims; null: any type.', { type: 'string' })),
    capabilities: object('Its capabilities, matched against `compatibility`.'),
    slots: integer('How many tasks it runs at once.'),
    held_task_ids: list('The tasks it holds.', taskId),
    started_at_utc: instant('When it was first seen.'),
    last_heartbeat_utc: instant('When it was last seen.'),
    live: flag('False once its heartbeat is overdue.'),
    state: {
      enum: [...WORKER_STATES],
      description:
        '`live`: its heartbeats arrive. `silent`: they have stopped, and it still holds tasks, which run again when their leases expire. `gone`: they have stopped, and it holds none.',
    },
    overdue: integer('Handlers still running after their attempt ended; each keeps a slot.'),
  }),
);

const listWorkers: RouteDocs = {
  operationId: 'listWorkers',
  tag: 'workers',
  summary: 'List workers',
  description: 'Newest first, including those gone within the last day. `Link` leads to the next page.',
  replies: {
    200: jsonReply(
      'The workers.',
      arrayOf(workerSchema),
      {
        'One worker': [
          {
            worker_id: 'worker-001',
            host: 'my-machine',
            pid: 4711,
            version: '0.1.0',
            types: ['video_processing'],
            capabilities: { region: 'us-west' },
            slots: 10,
            held_task_ids: [1],
            started_at_utc: '2025-11-05T19:00:00.000Z',
            last_heartbeat_utc: '2025-11-05T19:36:00.000Z',
            live: true,
            state: 'live',
            overdue: 0,
          },
        ],
      },
      ['Link'],
    ),
  },
  errors: ['CURSOR_INVALID'],
};

export const workerRoutes = (workers: WorkerController): Route[] => [
  {
    method: 'get',
    path: '/api/queue/workers',
    scopes: ['read'],
    rateLimit: 'reads',
    schemas: { query: workerListQuery },
    docs: listWorkers,
    handle: workers.list,
  },
];

import type { HttpResponse } from '../auth/exchange.js';
import type { Clock } from '../core/clock.js';
import type { StatsRepository } from '../repositories/stats-repository.js';
import {
  dueResource,
  historyQuery,
  lastMinutes,
  type SpanQuery,
  spanResource,
  statsResource,
  type TypesQuery,
  typeResource,
  typeStatsQuery,
} from '../services/stats.js';
import type { OwnUrls } from './own-urls.js';
import { instant, integer, nullable, number, resource, text } from './resource-fields.js';
import { sendJson } from './respond.js';
import { arrayOf, type JsonSchema, named, type Route, type RouteDocs } from './route.js';
import { jsonReply } from './route-docs.js';

export class StatsController {
  readonly #stats: StatsRepository;
  readonly #clock: Clock;
  readonly #urls: OwnUrls;

  constructor(stats: StatsRepository, clock: Clock, urls: OwnUrls) {
    this.#stats = stats;
    this.#clock = clock;
    this.#urls = urls;
  }

  overview = async (_req: unknown, res: HttpResponse): Promise<void> => {
    sendJson(res, 200, JSON.stringify(statsResource(await this.#stats.overview(), this.#clock.now())));
  };

  due = async (_req: unknown, res: HttpResponse): Promise<void> => {
    sendJson(res, 200, JSON.stringify(dueResource(await this.#stats.oldestDue(), this.#clock.now())));
  };

  byType = async ({ query }: { query: TypesQuery }, res: HttpResponse): Promise<void> => {
    const { limit, after } = query;
    // One extra row shows whether there is a next page.
    const found = await this.#stats.byType(limit + 1, after);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    if (found.length > limit && last) {
      const path = `/api/queue/stats/types?limit=${limit}&after=${encodeURIComponent(last.type)}`;
      this.#urls.linkToNext(res, { path });
    }
    sendJson(res, 200, JSON.stringify(page.map(typeResource)));
  };

  history = async ({ query }: { query: SpanQuery }, res: HttpResponse): Promise<void> => {
    const spans = await this.#stats.history(...lastMinutes(query, this.#clock.now()));
    sendJson(res, 200, JSON.stringify(spans.map(spanResource)));
  };
}

const counts = {
  total_tasks: integer('All tasks; always the sum of the four counts.'),
  queued_tasks: integer('Queued tasks, including scheduled ones.'),
  processing_tasks: integer('Tasks that are running.'),
  completed_tasks: integer('Completed tasks that are still retained.'),
  failed_tasks: integer('Failed tasks that are still retained.'),
};

const queueStatsSchema = named(
  'QueueStats',
  resource('How many tasks there are, exact at every moment.', {
    ...counts,
    oldest_queued_age_seconds: nullable(
      number('Seconds since the oldest queued task was enqueued; null when none is queued.'),
    ),
  }),
);

const dueStatsSchema = named(
  'DueStats',
  resource('How long due tasks wait.', {
    oldest_due_age_seconds: nullable(
      number('Seconds since the longest-waiting due task fell due; null when none is due.'),
    ),
  }),
);

const typeStatsSchema = named(
  'TypeStats',
  resource('How many tasks of one type there are, and how long they take.', {
    type: text('The type.'),
    ...counts,
    usual_wait_seconds: nullable(
      number('Typical wait from due to claimed (moving average); null before the first.'),
    ),
    usual_run_seconds: nullable(
      number('Typical run from claimed to completed (moving average); null before the first.'),
    ),
  }),
);

const seconds = (percent: number): JsonSchema =>
  nullable(number(`${percent} % took no longer; null when there were none.`));

const percentiles = (description: string): JsonSchema =>
  resource(description, { p50: seconds(50), p95: seconds(95), p99: seconds(99) });

const historySpanSchema = named(
  'HistorySpan',
  resource('What happened in a span of minutes.', {
    minute_utc: instant('When the span begins.'),
    enqueued: integer('Tasks enqueued.'),
    started: integer('Attempts begun.'),
    completed: integer('Tasks completed.'),
    failed: integer('Tasks failed.'),
    wait_seconds: percentiles('From due to claimed, of the attempts begun.'),
    run_seconds: percentiles('From claimed to completed, of the tasks completed.'),
  }),
);

const exampleCounts = {
  total_tasks: 10,
  queued_tasks: 3,
  processing_tasks: 1,
  completed_tasks: 5,
  failed_tasks: 1,
};

const overview: RouteDocs = {
  operationId: 'getStats',
  tag: 'statistics',
  summary: 'Count the tasks by status',
  description: 'Exact at every moment, and at the same cost for any number of tasks.',
  replies: {
    200: jsonReply('The counts.', queueStatsSchema, {
      'A queue at work': { ...exampleCounts, oldest_queued_age_seconds: 12.5 },
    }),
  },
};

const due: RouteDocs = {
  operationId: 'getDueStats',
  tag: 'statistics',
  summary: 'Read the age of the oldest due task',
  description:
    'Grows while nothing claims what is due. Tasks scheduled for later do not count, unlike in `oldest_queued_age_seconds`.',
  replies: {
    200: jsonReply('How long.', dueStatsSchema, { 'A task waits': { oldest_due_age_seconds: 12.5 } }),
  },
};

const byType: RouteDocs = {
  operationId: 'listTypeStats',
  tag: 'statistics',
  summary: 'Count the tasks by type and status',
  description:
    'Types in alphabetical order, with their typical waits and runs. `Link` leads to the next page.',
  replies: {
    200: jsonReply(
      'The types.',
      arrayOf(typeStatsSchema),
      {
        'One type': [
          { type: 'video_processing', ...exampleCounts, usual_wait_seconds: 0.25, usual_run_seconds: 30 },
        ],
      },
      ['Link'],
    ),
  },
};

const history: RouteDocs = {
  operationId: 'getStatsHistory',
  tag: 'statistics',
  summary: 'Read the history by minute',
  description:
    'Oldest first, up to the current minute, including spans without activity. At most 1440 spans per request: more minutes need a larger step.',
  replies: {
    200: jsonReply('The spans.', arrayOf(historySpanSchema), {
      'One span': [
        {
          minute_utc: '2025-11-05T19:35:00.000Z',
          enqueued: 4,
          started: 3,
          completed: 2,
          failed: 0,
          wait_seconds: { p50: 0.1, p95: 0.5, p99: 0.5 },
          run_seconds: { p50: 20, p95: 30, p99: 30 },
        },
      ],
    }),
  },
};

export const statsRoutes = (stats: StatsController): Route[] => [
  {
    method: 'get',
    path: '/api/queue/stats',
    scopes: ['read'],
    rateLimit: 'reads',
    docs: overview,
    handle: stats.overview,
  },
  {
    method: 'get',
    path: '/api/queue/stats/due',
    scopes: ['read'],
    rateLimit: 'reads',
    docs: due,
    handle: stats.due,
  },
  {
    method: 'get',
    path: '/api/queue/stats/types',
    scopes: ['read'],
    rateLimit: 'reads',
    schemas: { query: typeStatsQuery },
    docs: byType,
    handle: stats.byType,
  },
  {
    method: 'get',
    path: '/api/queue/stats/history',
    scopes: ['read'],
    rateLimit: 'reads',
    schemas: { query: historyQuery },
    docs: history,
    handle: stats.history,
  },
];

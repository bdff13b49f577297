import { arrayOf } from '../openapi/json-schema.js';
import { jsonReply } from '../openapi/replies.js';
import type { RouteDocs } from '../route-docs.js';

const counts = {
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
    200: jsonReply('The counts.', 'QueueStats', {
      'A queue at work': { ...counts, oldest_queued_age_seconds: 12.5 },
    }),
  },
};

const due: RouteDocs = {
  operationId: 'getDueStats',
  tag: 'statistics',
  summary: 'See how long due tasks wait',
  description:
    'Grows while nothing claims what is due. Tasks that are scheduled for later do not count, as they do in `oldest_queued_age_seconds`.',
  replies: {
    200: jsonReply('How long.', 'DueStats', { 'A task waits': { oldest_due_age_seconds: 12.5 } }),
  },
};

const byType: RouteDocs = {
  operationId: 'listTypeStats',
  tag: 'statistics',
  summary: 'Count the tasks by type and status',
  description:
    'Types in the order of the alphabet, with what their tasks usually wait and run. `Link` leads to the next page.',
  replies: {
    200: jsonReply(
      'The types.',
      arrayOf('TypeStats'),
      {
        'One type': [
          { type: 'video_processing', ...counts, usual_wait_seconds: 0.25, usual_run_seconds: 30 },
        ],
      },
      ['Link'],
    ),
  },
};

const history: RouteDocs = {
  operationId: 'getStatsHistory',
  tag: 'statistics',
  summary: 'See what happened, minute by minute',
  description:
    'Oldest first, up to the current minute; also spans in which nothing happened. At most 1440 spans are answered at once: more minutes need a larger step.',
  replies: {
    200: jsonReply('The spans.', arrayOf('HistorySpan'), {
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

export const statsDocs = { overview, due, byType, history };

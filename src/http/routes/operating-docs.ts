import { arrayOf } from '../openapi/json-schema.js';
import { emptyReply, jsonReply, textReply } from '../openapi/replies.js';
import type { RouteDocs } from '../route-docs.js';

const workers: RouteDocs = {
  operationId: 'listWorkers',
  tag: 'workers',
  summary: 'See who works, and on what',
  description:
    'Newest first, also those that went without a word within the last day. `Link` leads to the next page.',
  replies: {
    200: jsonReply(
      'The workers.',
      arrayOf('Worker'),
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

const health: RouteDocs = {
  operationId: 'getHealth',
  tag: 'operating',
  summary: 'Ask whether the process lives',
  description:
    'Asks nothing of the storage: restarting the process helps only where this does not answer, or answers 503 as the process can write nothing any more.',
  replies: {
    200: jsonReply('It lives.', 'Health', {
      Alive: { status: 'ok', version: '0.1.0', uptime_seconds: 3600.5 },
    }),
  },
  errors: ['NOT_READY'],
};

const ready: RouteDocs = {
  operationId: 'getReadiness',
  tag: 'operating',
  summary: 'Ask whether the server can do its work',
  description: 'Looks whether the storage answers and its files are still those that were opened.',
  replies: {
    200: jsonReply('It can.', 'Readiness', { Ready: { status: 'ready', checks: { database: 'ok' } } }),
  },
  errors: ['NOT_READY'],
};

const metrics: RouteDocs = {
  operationId: 'getMetrics',
  tag: 'operating',
  summary: 'Read the metrics for Prometheus',
  description:
    'In the text format of Prometheus, or in that of OpenMetrics where `Accept` prefers it. What is about the queue is the same whichever process on the file answers; what is of one process has its `pid`.',
  replies: {
    200: textReply(
      'The metrics.',
      'Metrics in the text format of Prometheus, or of OpenMetrics.',
      {
        'Its beginning':
          '# HELP spoolite_tasks_enqueued_total Tasks enqueued.\n# TYPE spoolite_tasks_enqueued_total counter\nspoolite_tasks_enqueued_total 4711\n',
      },
      { mediaType: 'text/plain', alsoAs: 'application/openmetrics-text', headers: ['Vary'] },
    ),
  },
};

const openApi: RouteDocs = {
  operationId: 'getOpenApi',
  tag: 'operating',
  summary: 'Read this document',
  description: 'The API in the words of OpenAPI 3.1. `/docs` shows it to people.',
  requestHeaders: ['IfNoneMatch'],
  replies: {
    200: jsonReply(
      'The document.',
      { type: 'object', description: 'A document of OpenAPI 3.1.' },
      { 'Its beginning': { openapi: '3.1.1', info: { title: 'Spoolite', version: '0.1.0' } } },
      ['ETag'],
    ),
    304: emptyReply('It is the one you have.', ['ETag']),
  },
};

export const operatingDocs = { workers, health, ready, metrics, openApi };

import type { HttpResponse } from '../auth/exchange.js';
import { SpooliteError } from '../core/errors.js';
import { type DoctorController, doctorDocs, doctorQuery } from './doctor.js';
import type { MetricsController } from './metrics.js';
import { number, resource, text } from './resource-fields.js';
import { sendJson } from './respond.js';
import { arrayOf, type JsonSchema, type Route, type RouteDocs } from './route.js';
import { emptyReply, jsonReply, textReply } from './route-docs.js';
import { historyQuery, type StatsController, statsDocs, typeStatsQuery } from './stats.js';
import { type WorkerController, workerListQuery } from './workers.js';

/** Name of each check → "ok", or a sentence that says what is wrong. */
export type Readiness = () => Promise<Record<string, string>>;

/** Why the process can write nothing any more until it is started again; null while that is not so. */
export type Failure = () => SpooliteError | null;

/** For whoever operates the server. */
export class OperatingController {
  readonly #version: string;
  readonly #readiness: Readiness;
  readonly #failure: Failure;

  constructor(version: string, readiness: Readiness, failure: Failure) {
    this.#version = version;
    this.#readiness = readiness;
    this.#failure = failure;
  }

  /** Says that the process lives. Throws only what a restart mends: for anything else it would help nobody. */
  health = async (_req: unknown, res: HttpResponse): Promise<void> => {
    const failure = this.#failure();
    if (failure) throw failure;
    const body = { status: 'ok', version: this.#version, uptime_seconds: process.uptime() };
    sendJson(res, 200, JSON.stringify(body));
  };

  ready = async (_req: unknown, res: HttpResponse): Promise<void> => {
    const checks = await this.#check();
    if (Object.values(checks).some((outcome) => outcome !== 'ok')) throw new NotReady(checks);
    sendJson(res, 200, JSON.stringify({ status: 'ready', checks }));
  };

  async #check(): Promise<Record<string, string>> {
    try {
      return await this.#readiness();
    } catch (cause) {
      const error = new NotReady({ storage: 'does not answer' });
      error.cause = cause;
      throw error;
    }
  }
}

/** NOT_READY, with the outcome of every check. */
export class NotReady extends SpooliteError {
  constructor(readonly checks: Readonly<Record<string, string>>) {
    const failures = Object.entries(checks).filter(([, outcome]) => outcome !== 'ok');
    super('NOT_READY', failures.map(([name, outcome]) => `${name}: ${outcome}`).join('; '));
  }
}

interface OperatingControllers {
  operating: OperatingController;
  metrics: MetricsController;
  doctor: DoctorController;
  stats: StatsController;
  workers: WorkerController;
}

export const operatingRoutes = ({
  operating,
  doctor,
  metrics,
  stats,
  workers,
}: OperatingControllers): Route[] => [
  {
    method: 'get',
    path: '/api/queue/stats',
    scopes: ['read'],
    rateLimit: 'reads',
    docs: statsDocs.overview,
    handle: stats.overview,
  },
  {
    method: 'get',
    path: '/api/queue/stats/due',
    scopes: ['read'],
    rateLimit: 'reads',
    docs: statsDocs.due,
    handle: stats.due,
  },
  {
    method: 'get',
    path: '/api/queue/stats/types',
    scopes: ['read'],
    rateLimit: 'reads',
    schemas: { query: typeStatsQuery },
    docs: statsDocs.byType,
    handle: stats.byType,
  },
  {
    method: 'get',
    path: '/api/queue/stats/history',
    scopes: ['read'],
    rateLimit: 'reads',
    schemas: { query: historyQuery },
    docs: statsDocs.history,
    handle: stats.history,
  },
  {
    method: 'get',
    path: '/api/queue/workers',
    scopes: ['read'],
    rateLimit: 'reads',
    schemas: { query: workerListQuery },
    docs: operatingDocs.workers,
    handle: workers.list,
  },
  {
    method: 'get',
    path: '/api/doctor',
    scopes: ['admin'],
    rateLimit: 'reads',
    schemas: { query: doctorQuery },
    docs: doctorDocs,
    handle: doctor.read,
  },
  {
    method: 'get',
    path: '/api/health',
    scopes: [],
    rateLimit: 'none',
    docs: operatingDocs.health,
    handle: operating.health,
  },
  {
    method: 'get',
    path: '/api/ready',
    scopes: [],
    rateLimit: 'none',
    docs: operatingDocs.ready,
    handle: operating.ready,
  },
  {
    method: 'get',
    path: '/metrics',
    scopes: ['read'],
    rateLimit: 'none',
    docs: operatingDocs.metrics,
    handle: metrics.read,
  },
];

export const checksSchema: JsonSchema = {
  type: 'object',
  description: 'The outcome of each check: `ok`, or what is wrong.',
  additionalProperties: { type: 'string' },
};

export const healthSchema = resource('A live process.', {
  status: text('Always `ok`.', { const: 'ok' }),
  version: text('Its version of Spoolite.'),
  uptime_seconds: number('How long it has been running.'),
});

export const readinessSchema = resource('A ready server.', {
  status: text('Always `ready`.', { const: 'ready' }),
  checks: checksSchema,
});

const workers: RouteDocs = {
  operationId: 'listWorkers',
  tag: 'workers',
  summary: 'List workers',
  description: 'Newest first, including those gone within the last day. `Link` leads to the next page.',
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
  summary: 'Check liveness',
  description:
    'Does not touch the storage. A restart helps where this does not answer, or answers 503 because the process can no longer write.',
  replies: {
    200: jsonReply('The process is alive.', 'Health', {
      Alive: { status: 'ok', version: '0.1.0', uptime_seconds: 3600.5 },
    }),
  },
  errors: ['NOT_READY'],
};

const ready: RouteDocs = {
  operationId: 'getReadiness',
  tag: 'operating',
  summary: 'Check readiness',
  description: 'Checks that the storage answers and that its files are still those that were opened.',
  replies: {
    200: jsonReply('The server is ready.', 'Readiness', {
      Ready: { status: 'ready', checks: { database: 'ok' } },
    }),
  },
  errors: ['NOT_READY'],
};

const metrics: RouteDocs = {
  operationId: 'getMetrics',
  tag: 'operating',
  summary: 'Read the metrics for Prometheus',
  description:
    'In the text format of Prometheus, or in that of OpenMetrics where `Accept` prefers it. Queue metrics are the same from every process on the file; process metrics carry a `pid`.',
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
  description: 'The API as OpenAPI 3.1. `/docs` renders it.',
  requestHeaders: ['IfNoneMatch'],
  replies: {
    200: jsonReply(
      'The document.',
      { type: 'object', description: 'A document of OpenAPI 3.1.' },
      { 'Its beginning': { openapi: '3.1.1', info: { title: 'Spoolite', version: '0.1.0' } } },
      ['ETag'],
    ),
    304: emptyReply('Not modified.', ['ETag']),
  },
};

export const operatingDocs = { workers, health, ready, metrics, openApi };

import type { HttpResponse } from '../auth/exchange.js';
import { SpooliteError } from '../core/errors.js';
import { number, resource, text } from './resource-fields.js';
import { sendJson } from './respond.js';
import { type JsonSchema, named, type Route, type RouteDocs } from './route.js';
import { jsonReply } from './route-docs.js';

/** Name of each check → "ok", or a sentence on what is wrong. */
export type Readiness = () => Promise<Record<string, string>>;

/** Why the process can write nothing until it is restarted; null while it can. */
export type Failure = () => SpooliteError | null;

/** Liveness, readiness and version, for operators. */
export class OperatingController {
  readonly #version: string;
  readonly #readiness: Readiness;
  readonly #failure: Failure;

  constructor(version: string, readiness: Readiness, failure: Failure) {
    this.#version = version;
    this.#readiness = readiness;
    this.#failure = failure;
  }

  /** Liveness. Throws only for failures that a restart fixes, as a restart is what a failed probe causes. */
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

export const operatingRoutes = (operating: OperatingController): Route[] => [
  {
    method: 'get',
    path: '/api/health',
    scopes: [],
    rateLimit: 'none',
    docs: health,
    handle: operating.health,
  },
  {
    method: 'get',
    path: '/api/ready',
    scopes: [],
    rateLimit: 'none',
    docs: ready,
    handle: operating.ready,
  },
];

export const checksSchema: JsonSchema = {
  type: 'object',
  description: 'The outcome of each check: `ok`, or what is wrong.',
  additionalProperties: { type: 'string' },
};

const healthSchema = named(
  'Health',
  resource('A live process.', {
    status: text('Always `ok`.', { const: 'ok' }),
    version: text('Its version of Spoolite.'),
    uptime_seconds: number('How long it has been running.'),
  }),
);

const readinessSchema = named(
  'Readiness',
  resource('A ready server.', {
    status: text('Always `ready`.', { const: 'ready' }),
    checks: checksSchema,
  }),
);

const health: RouteDocs = {
  operationId: 'getHealth',
  tag: 'operating',
  summary: 'Check liveness',
  description:
    'Does not touch the storage. Restart the process if this does not answer, or answers 503 because it can no longer write.',
  replies: {
    200: jsonReply('The process is alive.', healthSchema, {
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
    200: jsonReply('The server is ready.', readinessSchema, {
      Ready: { status: 'ready', checks: { database: 'ok' } },
    }),
  },
  errors: ['NOT_READY'],
};

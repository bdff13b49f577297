import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import accepts from 'accepts';
import type { HttpResponse } from '../auth/exchange.js';
import type { Clock } from '../core/clock.js';
import { exposition, OPENMETRICS_FORMAT, TEXT_FORMAT, withLabels } from '../metrics/exposition.js';
import { EventLoopDelay, processFamilies } from '../metrics/process-families.js';
import { commitFamilies, queueFamilies, sizeFamilies } from '../metrics/queue-families.js';
import type { RequestMeter } from '../metrics/request-meter.js';
import type { MetricsRepository } from '../repositories/stats-repository.js';
import { sendJson } from './respond.js';
import type { Route, RouteDocs } from './route.js';
import { textReply } from './route-docs.js';

/** Types with series of their own: enough to see what is going on, few enough for a monitor to store. */
const MAX_TYPES = 50;

export interface MetricsOptions {
  metrics: MetricsRepository;
  clock: Clock;
  version: string;
  requests: RequestMeter;
  /** Open long polls and streams. */
  openWaits(): Readonly<Record<'wait' | 'stream', number>>;
  /** Log lines that could not be written so far. */
  droppedLogLines(): number;
  stopping: AbortSignal;
}

/** The metrics of the queue and of this process, for Prometheus. */
export class MetricsController {
  readonly #options: MetricsOptions;
  readonly #eventLoopDelay: EventLoopDelay;

  constructor(options: MetricsOptions) {
    this.#options = options;
    this.#eventLoopDelay = new EventLoopDelay(options.stopping);
  }

  read = async (req: { headers: IncomingHttpHeaders }, res: HttpResponse): Promise<void> => {
    const { metrics, clock, version, requests, openWaits, droppedLogLines } = this.#options;
    const [queue, storage] = await Promise.all([metrics.queue(MAX_TYPES), metrics.storage()]);
    const reading = {
      version,
      requests,
      openWaits: openWaits(),
      eventLoopDelay: this.#eventLoopDelay.read(),
      droppedLogLines: droppedLogLines(),
    };
    // Process metrics carry a label, so that counters do not seem to jump if several processes answer.
    const ownFamilies = [...commitFamilies(storage), ...processFamilies(reading)];
    const families = [
      ...queueFamilies(queue, clock.now()),
      ...sizeFamilies(storage),
      ...withLabels(ownFamilies, { pid: String(process.pid) }),
    ];
    const wantsOpenMetrics =
      accepts(req as IncomingMessage).type([
        'text/plain; version=0.0.4',
        'application/openmetrics-text; version=1.0.0',
      ]) === 'application/openmetrics-text; version=1.0.0';
    const format = wantsOpenMetrics ? OPENMETRICS_FORMAT : TEXT_FORMAT;
    res.setHeader('Vary', 'Accept');
    sendJson(res, 200, await exposition(families, format), format);
  };
}

const read: RouteDocs = {
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

export const metricsRoutes = (metrics: MetricsController): Route[] => [
  {
    method: 'get',
    path: '/metrics',
    scopes: ['read'],
    rateLimit: 'none',
    docs: read,
    handle: metrics.read,
  },
];

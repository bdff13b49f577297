import { Histogram, type HistogramSnapshot } from '../core/statistics.js';
import { counter, gauge, histogram, type MetricFamily } from './exposition.js';
import type { RequestMeter } from './request-meter.js';

export interface ProcessReading {
  version: string;
  requests: RequestMeter;
  /** Open waits by kind. */
  openWaits: Readonly<Record<'wait' | 'stream', number>>;
  eventLoopDelay: HistogramSnapshot;
  /** Log lines that could not be written. */
  droppedLogLines: number;
}

function requestFamilies({ requests, openWaits }: ProcessReading): MetricFamily[] {
  const { routes } = requests;
  return [
    counter(
      'spoolite_http_requests_total',
      'Finished requests, by method, route and class of the status; disconnected is a client that left before its answer.',
      routes.flatMap(({ method, route, meter }) =>
        meter.counts.map(([status, count]) => [{ method, route, status }, count] as const),
      ),
    ),
    histogram(
      'spoolite_http_request_duration_seconds',
      'Duration of requests, without long polls.',
      routes.map(({ method, route, meter }) => [{ method, route }, meter.durations] as const),
    ),
    gauge('spoolite_open_waits', 'Open long polls and event streams.', [
      [{ kind: 'wait' }, openWaits.wait],
      [{ kind: 'stream' }, openWaits.stream],
    ]),
  ];
}

/** The metrics of the process that answers. */
export function processFamilies(reading: ProcessReading): MetricFamily[] {
  const { user, system } = process.cpuUsage();
  return [
    ...requestFamilies(reading),
    histogram(
      'spoolite_event_loop_delay_seconds',
      'Event loop delay, sampled ten times a second since the first scrape.',
      reading.eventLoopDelay,
    ),
    counter(
      'spoolite_log_lines_dropped_total',
      'Lines of the log that could not be written: its disk was full, or its reader stopped.',
      reading.droppedLogLines,
    ),
    gauge('spoolite_build_info', 'Always 1; its labels say what is running.', [
      [{ version: reading.version, node: process.version }, 1],
    ]),
    counter('process_cpu_seconds_total', 'CPU time spent.', (user + system) / 1e6),
    gauge('process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
    gauge(
      'process_start_time_seconds',
      'Start time of the process, in seconds since 1970 UTC.',
      performance.timeOrigin / 1000,
    ),
  ];
}

/** Seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Milliseconds between two samples, few enough to keep an idle server idle. */
const INTERVAL_MS = 100;

/**
 * Samples the delay of the event loop, as work arriving at any moment would see it. Starts at the first read: an
 * unmonitored process pays nothing.
 */
export class EventLoopDelay {
  readonly #stopping: AbortSignal;
  readonly #histogram = new Histogram(BOUNDS);
  #timer: NodeJS.Timeout | undefined;

  constructor(stopping: AbortSignal) {
    this.#stopping = stopping;
  }

  read(): HistogramSnapshot {
    if (!this.#timer && !this.#stopping.aborted) {
      this.#sample();
      this.#stopping.addEventListener('abort', () => clearTimeout(this.#timer), { once: true });
    }
    return this.#histogram.read();
  }

  #sample(): void {
    const due = performance.now() + INTERVAL_MS;
    this.#timer = setTimeout(() => {
      this.#histogram.observe(Math.max(performance.now() - due, 0) / 1000);
      if (!this.#stopping.aborted) this.#sample();
    }, INTERVAL_MS).unref();
  }
}

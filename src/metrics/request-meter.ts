import { Histogram, type HistogramSnapshot } from '../core/statistics.js';

/** Seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** By the first digit of the status; 0 is for a client that disconnected before its reply. */
const STATUS_CLASSES = ['disconnected', '1xx', '2xx', '3xx', '4xx', '5xx'] as const;

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Route of the dashboard's files, unknown paths and unknown methods: labels are bounded. */
const OTHER = 'other';

/** Counts the requests of one route and method. */
export class RouteMeter {
  readonly #counts = new Float64Array(STATUS_CLASSES.length);
  readonly #durations = new Histogram(BOUNDS);

  /** `seconds` is null for a request that was requested to wait. */
  count(status: number, isAnswered: boolean, seconds: number | null): void {
    (this.#counts[isAnswered ? Math.floor(status / 100) : 0] as number)++;
    if (seconds !== null) this.#durations.observe(seconds);
  }

  get isUsed(): boolean {
    return this.#counts.some((count) => count > 0);
  }

  /**
   * Counts by class of status: those above zero, and always the failures, as an alert could not see the first one
   * without a zero before it.
   */
  get counts(): [status: string, count: number][] {
    return STATUS_CLASSES.map((name, at): [string, number] => [name, this.#counts[at] as number]).filter(
      ([name, count]) => count > 0 || name === '5xx',
    );
  }

  get durations(): HistogramSnapshot {
    return this.#durations.read();
  }
}

export interface MeasuredRoute {
  method: string;
  /** As in the OpenAPI document, such as `/api/queue/tasks/{task_id}`. */
  route: string;
  meter: RouteMeter;
}

/** Counts requests by route and method: plain numbers, as every poll increments one. */
export class RequestMeter {
  readonly #routes = new Map<string, MeasuredRoute>();

  /** The meter of a route by its pattern in Express's syntax; without one, for all other requests. */
  of(method = '', pattern: string = OTHER): RouteMeter {
    const key = `${method} ${pattern}`;
    const known = this.#routes.get(key);
    if (known) return known.meter;
    if (method !== OTHER && !METHODS.has(method)) return this.of(OTHER, pattern);
    const route = pattern.replace(/:(\w+)/g, '{$1}');
    const meter = new RouteMeter();
    this.#routes.set(key, { method, route, meter });
    return meter;
  }

  get routes(): MeasuredRoute[] {
    return [...this.#routes.values()].filter(({ meter }) => meter.isUsed);
  }
}

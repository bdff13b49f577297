import type { ServerResponse } from 'node:http';
import type { Clock } from '../domain/clock.js';
import { quantileOf } from '../domain/duration-buckets.js';
import { formatInstant } from '../domain/instant.js';
import type {
  DurationCounts,
  HistorySpan,
  StatsRepository,
  StatusCounts,
  TypeStats,
} from '../repositories/stats-repository.js';
import { sendJson } from './send-json.js';

interface TypesQuery {
  limit: number;
  after?: string;
}

interface HistoryQuery {
  minutes: number;
  step: number;
}

const MINUTE_MS = 60_000;

const countsOf = ({ queued, processing, completed, failed }: StatusCounts) => ({
  total_tasks: queued + processing + completed + failed,
  queued_tasks: queued,
  processing_tasks: processing,
  completed_tasks: completed,
  failed_tasks: failed,
});

const inSeconds = (ms: number | null): number | null => (ms === null ? null : Math.round(ms) / 1000);

const typeResource = ({ type, waitMs, runMs, ...counts }: TypeStats) => ({
  type,
  ...countsOf(counts),
  usual_wait_seconds: inSeconds(waitMs),
  usual_run_seconds: inSeconds(runMs),
});

const percentilesOf = (counts: DurationCounts) => ({
  p50: inSeconds(quantileOf(counts, 0.5)),
  p95: inSeconds(quantileOf(counts, 0.95)),
  p99: inSeconds(quantileOf(counts, 0.99)),
});

const spanResource = ({ minute, enqueued, started, completed, failed, wait, run }: HistorySpan) => ({
  minute_utc: formatInstant(minute * MINUTE_MS),
  enqueued,
  started,
  completed,
  failed,
  wait_seconds: percentilesOf(wait),
  run_seconds: percentilesOf(run),
});

/** The queue in numbers. */
export class StatsController {
  readonly #stats: StatsRepository;
  readonly #clock: Clock;

  constructor(stats: StatsRepository, clock: Clock) {
    this.#stats = stats;
    this.#clock = clock;
  }

  overview = async (_req: unknown, res: ServerResponse): Promise<void> => {
    const stats = await this.#stats.overview();
    const age = this.#ageInSeconds(stats.oldestQueuedAt);
    sendJson(res, 200, JSON.stringify({ ...countsOf(stats), oldest_queued_age_seconds: age }));
  };

  byType = async ({ query }: { query: TypesQuery }, res: ServerResponse): Promise<void> => {
    const { limit, after } = query;
    // One more than asked for tells whether there is a next page.
    const found = await this.#stats.byType(limit + 1, after);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    if (found.length > limit && last) {
      const next = `/api/queue/stats/types?limit=${limit}&after=${encodeURIComponent(last.type)}`;
      res.setHeader('Link', `<${next}>; rel="next"`);
    }
    sendJson(res, 200, JSON.stringify(page.map(typeResource)));
  };

  history = async ({ query }: { query: HistoryQuery }, res: ServerResponse): Promise<void> => {
    const end = Math.floor(this.#clock.now() / MINUTE_MS) + 1;
    const spans = await this.#stats.history(end - query.minutes, end, query.step);
    sendJson(res, 200, JSON.stringify(spans.map(spanResource)));
  };

  /** Never negative, also after the clock was set back. */
  #ageInSeconds(instant: number | null): number | null {
    return instant === null ? null : Math.max(0, this.#clock.now() - instant) / 1000;
  }
}

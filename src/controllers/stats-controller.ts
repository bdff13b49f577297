import type { ServerResponse } from 'node:http';
import type { Clock } from '../domain/clock.js';
import type { StatsRepository } from '../repositories/stats-repository.js';
import { sendJson } from './send-json.js';

export class StatsController {
  readonly #stats: StatsRepository;
  readonly #clock: Clock;

  constructor(stats: StatsRepository, clock: Clock) {
    this.#stats = stats;
    this.#clock = clock;
  }

  overview = async (_req: unknown, res: ServerResponse): Promise<void> => {
    const { queued, processing, completed, failed, oldestQueuedAt } = await this.#stats.overview();
    const body = {
      total_tasks: queued + processing + completed + failed,
      queued_tasks: queued,
      processing_tasks: processing,
      completed_tasks: completed,
      failed_tasks: failed,
      oldest_queued_age_seconds: this.#ageInSeconds(oldestQueuedAt),
    };
    sendJson(res, 200, JSON.stringify(body));
  };

  /** Never negative, also after the clock was set back. */
  #ageInSeconds(instant: number | null): number | null {
    return instant === null ? null : Math.max(0, this.#clock.now() - instant) / 1000;
  }
}

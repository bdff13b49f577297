import type { Clock } from '../domain/clock.js';
import type { StoredTask } from '../domain/stored-task.js';
import type { StatsRepository } from '../repositories/stats-repository.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import type { WorkerRepository } from '../repositories/worker-repository.js';
import { LiveWorkers } from './live-workers.js';

/** Milliseconds for which the rate of starts is not asked for again. */
const FRESH_MS = 1_000;

/** When a queued task's turn comes. */
export interface Outlook {
  /** Tasks that would be claimed before it, counted to 1000. */
  position: number;
  /** Milliseconds since 1970 UTC; null when no live worker takes it, or there is nothing to estimate from. */
  estimatedStart: number | null;
}

interface Sources {
  tasks: TaskRepository;
  stats: StatsRepository;
  workers: WorkerRepository;
}

/**
 * Tells queued tasks when their turn comes: those ahead of it, at the rate at which tasks were started over the last
 * minutes, but never before it is due. Null where none was started lately, and for tasks that no live worker takes.
 */
export class QueueOutlook {
  readonly #tasks: TaskRepository;
  readonly #stats: StatsRepository;
  readonly #workers: LiveWorkers;
  readonly #clock: Clock;
  #rate: Promise<number | null> = Promise.resolve(null);
  #rateAt = Number.NEGATIVE_INFINITY;

  constructor({ tasks, stats, workers }: Sources, clock: Clock) {
    this.#tasks = tasks;
    this.#stats = stats;
    this.#workers = new LiveWorkers(workers, clock);
    this.#clock = clock;
  }

  async of(task: StoredTask): Promise<Outlook> {
    const position = await this.#tasks.queuePosition(task);
    const rate = await this.#startRate();
    if (rate === null || !(await this.#workers.take(task))) return { position, estimatedStart: null };
    const turn = this.#clock.now() + (position / rate) * 1000;
    return { position, estimatedStart: Math.round(Math.max(turn, task.runAfter)) };
  }

  /** Tasks started per second, read at most once a second however many polls ask for it. */
  #startRate(): Promise<number | null> {
    const now = this.#clock.now();
    if (Math.abs(now - this.#rateAt) >= FRESH_MS) {
      this.#rateAt = now;
      this.#rate = this.#stats.startRate();
      this.#rate.catch(() => {
        this.#rateAt = Number.NEGATIVE_INFINITY;
      });
    }
    return this.#rate;
  }
}

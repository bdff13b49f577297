import type { Clock } from '../core/clock.js';
import type { JsonObject } from '../core/json.js';
import type { StoredTask } from '../core/task.js';
import { TaskMatcher } from '../core/workers.js';
import type { StatsRepository, TypeEstimate } from '../repositories/stats-repository.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import type { WorkerRepository } from '../repositories/worker-repository.js';

/** Milliseconds for which an estimate is cached. */
const FRESH_MS = 1_000;

/** When a queued task is likely to start. */
export interface QueueEstimate {
  /** Tasks that would be claimed before it, counted to 1000. */
  position: number;
  /** Milliseconds since 1970 UTC; null if no live worker takes it, or there is no basis for an estimate. */
  estimatedStart: number | null;
}

interface Sources {
  tasks: TaskRepository;
  stats: StatsRepository;
  workers: WorkerRepository;
}

/**
 * Estimates when queued tasks start: those ahead, at the rate at which tasks were started over the last minutes, but
 * never before the due time. Null if none was started lately, and for tasks that no live worker takes.
 */
export class QueueEstimates {
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

  async of(task: StoredTask): Promise<QueueEstimate> {
    const position = await this.#tasks.queuePosition(task);
    const rate = await this.#startRate();
    if (rate === null || !(await this.#workers.take(task))) return { position, estimatedStart: null };
    const turn = this.#clock.now() + (position / rate) * 1000;
    return { position, estimatedStart: Math.round(Math.max(turn, task.runAfter)) };
  }

  /** Tasks started per second, read at most once a second. */
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

/** Size at which the cache of types is cleared. */
const MAX_TYPES = 1_000;

interface Entry {
  at: number;
  estimate: TypeEstimate;
}

/** Typical durations of a type's tasks, read at most once a second per type. */
export class TypeEstimates {
  readonly #stats: StatsRepository;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();

  constructor(stats: StatsRepository, clock: Clock) {
    this.#stats = stats;
    this.#clock = clock;
  }

  async of(type: string): Promise<TypeEstimate> {
    const now = this.#clock.now();
    const known = this.#entries.get(type);
    // After the clock was set back, nothing is fresh.
    if (known && Math.abs(now - known.at) < FRESH_MS) return known.estimate;
    if (this.#entries.size >= MAX_TYPES) this.#entries.clear();
    const estimate = await this.#stats.typeEstimate(type);
    this.#entries.set(type, { at: now, estimate });
    return estimate;
  }
}

/** Size at which the cache of answers is cleared. */
const MAX_ANSWERS = 1_000;

/** Which tasks a live worker would take. Reads the workers at most once a second. */
export class LiveWorkers {
  readonly #workers: WorkerRepository;
  readonly #clock: Clock;
  readonly #answers = new Map<string, boolean>();
  #live: readonly TaskMatcher[] = [];
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(workers: WorkerRepository, clock: Clock) {
    this.#workers = workers;
    this.#clock = clock;
  }

  /** Whether a live worker serves the task's type and meets its requirements. */
  async take({ type, compatibility }: Pick<StoredTask, 'type' | 'compatibility'>): Promise<boolean> {
    await this.#refresh();
    const key = `${compatibility}${type}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    if (this.#answers.size >= MAX_ANSWERS) this.#answers.clear();
    const required = JSON.parse(compatibility) as JsonObject;
    const answer = this.#live.some((matcher) => matcher.takes(type, required));
    this.#answers.set(key, answer);
    return answer;
  }

  async #refresh(): Promise<void> {
    const now = this.#clock.now();
    // After the clock was set back, nothing is fresh.
    if (Math.abs(now - this.#readAt) < FRESH_MS) return;
    const live = await this.#workers.live();
    this.#readAt = now;
    this.#live = live.map((worker) => new TaskMatcher(worker));
    this.#answers.clear();
  }
}

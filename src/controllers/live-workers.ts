import type { Clock } from '../domain/clock.js';
import type { JsonObject } from '../domain/json.js';
import { Offer } from '../domain/matching.js';
import type { StoredTask } from '../domain/stored-task.js';
import type { WorkerRepository } from '../repositories/worker-repository.js';

/** Milliseconds for which the list of workers is not read again. */
const FRESH_MS = 1_000;

/** Answers that are kept until then, before starting afresh. */
const MAX_ANSWERS = 1_000;

interface Takes {
  /** Null is any. */
  types: ReadonlySet<string> | null;
  offer: Offer;
}

/** Knows which tasks a live worker would take. Reads the workers at most once a second, however many polls ask. */
export class LiveWorkers {
  readonly #workers: WorkerRepository;
  readonly #clock: Clock;
  readonly #answers = new Map<string, boolean>();
  #live: readonly Takes[] = [];
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(workers: WorkerRepository, clock: Clock) {
    this.#workers = workers;
    this.#clock = clock;
  }

  /** Whether a live worker serves the task's type and meets what it requires. */
  async take({ type, compatibility }: Pick<StoredTask, 'type' | 'compatibility'>): Promise<boolean> {
    await this.#refresh();
    const key = `${compatibility}${type}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    if (this.#answers.size >= MAX_ANSWERS) this.#answers.clear();
    const required = JSON.parse(compatibility) as JsonObject;
    const answer = this.#live.some(
      ({ types, offer }) => (types === null || types.has(type)) && offer.meets(required),
    );
    this.#answers.set(key, answer);
    return answer;
  }

  async #refresh(): Promise<void> {
    const now = this.#clock.now();
    // A clock that was set back makes nothing fresh.
    if (Math.abs(now - this.#readAt) < FRESH_MS) return;
    const live = await this.#workers.live();
    this.#readAt = now;
    this.#live = live.map(({ types, capabilities }) => ({
      types: types && new Set(types),
      offer: new Offer(capabilities),
    }));
    this.#answers.clear();
  }
}

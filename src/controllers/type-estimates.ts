import type { Clock } from '../domain/clock.js';
import type { StatsRepository, TypeEstimate } from '../repositories/stats-repository.js';

/** Milliseconds for which an estimate is not asked for again. */
const FRESH_MS = 1_000;

/** Types that are remembered before starting afresh. */
const MAX_TYPES = 1_000;

interface Entry {
  at: number;
  estimate: TypeEstimate;
}

/** What tasks of a type usually take, read at most once a second per type however many polls ask for it. */
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
    // A clock that was set back makes nothing fresh.
    if (known && Math.abs(now - known.at) < FRESH_MS) return known.estimate;
    if (this.#entries.size >= MAX_TYPES) this.#entries.clear();
    const estimate = await this.#stats.typeEstimate(type);
    this.#entries.set(type, { at: now, estimate });
    return estimate;
  }
}

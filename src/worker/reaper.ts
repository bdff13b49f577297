import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import type { LeaseRepository } from '../repositories/lease-repository.js';

/** Longest sleep between two looks: an expired lease is taken back within two seconds. */
const MAX_SLEEP_MS = 1_000;
const MIN_SLEEP_MS = 20;

/** Takes back expired leases wherever a server or a worker runs; looks at one index entry at a time. */
export class Reaper {
  readonly #leases: LeaseRepository;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #stopped = false;

  constructor(leases: LeaseRepository, clock: Clock, logger: Logger) {
    this.#leases = leases;
    this.#clock = clock;
    this.#logger = logger;
  }

  start(): void {
    this.#looking = this.#look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    let sleepMs = MAX_SLEEP_MS;
    try {
      const expiry = await this.#leases.nextExpiry();
      if (expiry !== null && expiry <= this.#clock.now()) await this.#reap();
      else if (expiry !== null) sleepMs = expiry - this.#clock.now();
    } catch (error) {
      this.#logger.warn({ err: error }, 'taking back expired leases failed, trying again');
    }
    if (this.#stopped) return;
    const clamped = Math.min(Math.max(sleepMs, MIN_SLEEP_MS), MAX_SLEEP_MS);
    this.#timer = setTimeout(() => this.start(), clamped).unref();
  }

  async #reap(): Promise<void> {
    const count = await this.#leases.reap();
    if (count > 0) this.#logger.warn({ count }, 'took back expired leases');
  }
}

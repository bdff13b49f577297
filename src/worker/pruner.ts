import type { Logger } from 'pino';
import { systemMonotonic } from '../domain/monotonic.js';
import type { Retention } from '../domain/retention.js';
import type { RetentionRepository } from '../repositories/retention-repository.js';
import { type Chore, pruningChores } from './pruning-chores.js';

/** Milliseconds between two rounds while there is more to do, and between two looks when there is not. */
const BUSY_PAUSE_MS = 10;
const IDLE_PAUSE_MS = 60_000;

/** Deletes what retention no longer keeps, and gives the space back, in steps so small that nobody notices. */
export class Pruner {
  readonly #chores: readonly Chore[];
  readonly #logger: Logger;
  /** Those of the round that have more to do; the others wait until these have not. */
  #busy: readonly Chore[] = [];
  #timer: NodeJS.Timeout | undefined;
  #pruning: Promise<void> | undefined;
  #stopped = false;

  constructor(
    repository: RetentionRepository,
    retention: Retention,
    logger: Logger,
    monotonic = systemMonotonic,
  ) {
    this.#chores = pruningChores(repository, retention, monotonic);
    this.#logger = logger;
  }

  start(): void {
    this.#pruning = this.#pruneAndSleep();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#pruning;
  }

  /** One step of whatever there is to do; resolves to the milliseconds until the next is worthwhile. */
  async look(): Promise<number> {
    const wasBusy = this.#busy.length > 0;
    const chores = wasBusy ? this.#busy : this.#chores;
    this.#busy = [];
    const busy: Chore[] = [];
    try {
      for (const chore of chores) {
        if (this.#stopped) break;
        if (await chore()) busy.push(chore);
      }
    } catch (error) {
      this.#logger.warn({ err: error }, 'pruning failed, trying again');
      return IDLE_PAUSE_MS;
    }
    this.#busy = busy;
    // What was deleted has left space, which another whole round gives back.
    return busy.length > 0 || wasBusy ? BUSY_PAUSE_MS : IDLE_PAUSE_MS;
  }

  async #pruneAndSleep(): Promise<void> {
    const pauseMs = await this.look();
    if (!this.#stopped) this.#timer = setTimeout(() => this.start(), pauseMs).unref();
  }
}

import type { Logger } from 'pino';
import type { Retention, RetentionRepository } from '../repositories/retention-repository.js';

/** Tasks deleted in one transaction: a few milliseconds, which nobody notices. */
const BATCH = 200;

/** Milliseconds between two batches while there is more, and between two looks when there is not. */
const BUSY_PAUSE_MS = 10;
const IDLE_PAUSE_MS = 60_000;

/** Deletes what retention no longer keeps, in small batches. */
export class Pruner {
  readonly #repository: RetentionRepository;
  readonly #retention: Retention;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #pruning: Promise<void> | undefined;
  #stopped = false;

  constructor(repository: RetentionRepository, retention: Retention, logger: Logger) {
    this.#repository = repository;
    this.#retention = retention;
    this.#logger = logger;
  }

  start(): void {
    this.#pruning = this.#prune();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#pruning;
  }

  async #prune(): Promise<void> {
    let pauseMs = IDLE_PAUSE_MS;
    try {
      const count = await this.#repository.prune(this.#retention, BATCH);
      if (count === BATCH) pauseMs = BUSY_PAUSE_MS;
    } catch (error) {
      this.#logger.warn({ err: error }, 'pruning failed, trying again');
    }
    if (!this.#stopped) this.#timer = setTimeout(() => this.start(), pauseMs).unref();
  }
}

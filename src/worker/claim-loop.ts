import type { Logger } from 'pino';
import { type Clock, WakeUp } from '../core/clock.js';
import type { ClaimedTask } from '../core/task.js';
import type { ClaimRequest, LeaseRepository } from '../repositories/lease-repository.js';

/** Most tasks of one claim, whatever the concurrency: bounds the length of a transaction. */
const MAX_CLAIM = 200;

/** Milliseconds before a failed claim is retried. */
const AFTER_FAILURE_MS = 1_000;

export interface ClaimLoopOptions {
  leases: LeaseRepository;
  clock: Clock;
  logger: Logger;
  /** The common part of all claims. */
  request: Omit<ClaimRequest, 'limit' | 'excludedIds'>;
  /** Milliseconds between checks in the absence of notifications. */
  pollMs: number;
  /** How many more tasks can run now. */
  freeSlots(): number;
  /** Tasks that must not be claimed now. */
  excludedIds(): readonly number[];
  /** Receives each claimed task. */
  take(task: ClaimedTask): void;
}

/** Claims tasks for the free slots of a worker, whenever there may be some. */
export class ClaimLoop {
  readonly #options: ClaimLoopOptions;
  readonly #wakeUp = new WakeUp();
  /** Full claims running beside the loop. */
  readonly #parallelClaims = new Set<Promise<void>>();
  /** Slots reserved for those. */
  #requestedSlots = 0;
  #failed = false;
  #ending = false;

  constructor(options: ClaimLoopOptions) {
    this.#options = options;
  }

  /** A slot, the queue, or the end of the loop has changed. */
  readonly signal = (): void => this.#wakeUp.signal();

  /** Claims until ended; resolves when the last claim is done. */
  async run(): Promise<void> {
    while (!this.#ending) {
      const sleepMs = await this.#step();
      if (sleepMs > 0 && !this.#ending) await this.#wakeUp.sleep(sleepMs);
    }
    await Promise.all(this.#parallelClaims);
  }

  end(): void {
    this.#ending = true;
    this.signal();
  }

  /** Claims once for the free slots, and hands the tasks over; returns their number. */
  async claim(limit = this.#limit()): Promise<number> {
    const { leases, request, take, excludedIds } = this.#options;
    if (limit <= 0) return 0;
    const tasks = await leases.claim({ ...request, limit, excludedIds: excludedIds() });
    for (const task of tasks) take(task);
    return tasks.length;
  }

  /** Claims if that may yield tasks; returns the milliseconds until the next try. */
  async #step(): Promise<number> {
    try {
      if (this.#failed) {
        this.#failed = false;
        return AFTER_FAILURE_MS;
      }
      const limit = this.#limit();
      if (limit === 0 || !(await this.#hasClaimable())) return await this.#idleMs();
      if (limit < MAX_CLAIM) return (await this.claim(limit)) > 0 ? 0 : await this.#idleMs();
      this.#claimInParallel(limit);
      return 0;
    } catch (error) {
      this.#warn(error);
      return AFTER_FAILURE_MS;
    }
  }

  /**
   * A full claim allows another beside it, so that the storage works on one while handlers work on the other. Smaller
   * ones are sequential: slots freed meanwhile are claimed together.
   */
  #claimInParallel(limit: number): void {
    this.#requestedSlots += limit;
    const claim = this.claim(limit)
      .then((count) => {
        this.#requestedSlots -= limit;
        if (count > 0) this.signal();
      })
      .catch((error) => {
        this.#requestedSlots -= limit;
        this.#warn(error);
        this.#failed = true;
        this.signal();
      })
      .finally(() => this.#parallelClaims.delete(claim));
    this.#parallelClaims.add(claim);
  }

  /** The size of the next claim. */
  #limit(): number {
    const free = this.#options.freeSlots() - this.#requestedSlots;
    if (this.#requestedSlots > 0 && free < MAX_CLAIM) return 0;
    return Math.min(free, MAX_CLAIM);
  }

  /** False if a claim would return nothing, or nothing beyond the running ones. */
  async #hasClaimable(): Promise<boolean> {
    const { leases, request } = this.#options;
    const [count = 0] = await leases.countClaimable([request], this.#requestedSlots + 1);
    return count > this.#requestedSlots;
  }

  /** Milliseconds until there may be work without a notification. */
  async #idleMs(): Promise<number> {
    const { leases, clock, pollMs, freeSlots } = this.#options;
    const due = await leases.nextDue();
    if (due === null || freeSlots() === 0) return pollMs;
    return Math.min(Math.max(due - clock.now(), 1), pollMs);
  }

  #warn(error: unknown): void {
    this.#options.logger.warn(
      { err: error, worker: this.#options.request.workerId },
      'claiming failed, retrying',
    );
  }
}

import type { Logger } from 'pino';
import type { Random } from '../domain/random.js';
import type { ClaimedTask } from '../domain/stored-task.js';
import type { Lease, LostLease } from '../repositories/lease-repository.js';
import type { Storage } from '../repositories/storage.js';
import { Attempt } from './attempt.js';
import type { HandlerRegistry, RegisteredHandler } from './handler-registry.js';
import type { Outcome } from './outcome.js';
import { persist } from './persist.js';

interface ExecutorSurroundings {
  storage: Storage;
  random: Random;
  logger: Logger;
}

/** Runs claimed tasks and settles how they ended. */
export class Executor {
  readonly #handlers: HandlerRegistry;
  readonly #around: ExecutorSurroundings;
  readonly #onSlotFree: () => void;
  /** Attempts whose handlers run, by lease token: each takes a slot. */
  readonly #running = new Map<string, Attempt>();
  /** Everything not yet settled, running or just run. */
  readonly #unsettled = new Set<Promise<void>>();

  constructor(handlers: HandlerRegistry, around: ExecutorSurroundings, onSlotFree: () => void) {
    this.#handlers = handlers;
    this.#around = around;
    this.#onSlotFree = onSlotFree;
  }

  /** Attempts that take a slot now. */
  get running(): number {
    return this.#running.size;
  }

  /** Leases of the attempts that run now. */
  get leases(): Lease[] {
    return [...this.#running.values()].map((attempt) => attempt.lease);
  }

  run(task: ClaimedTask): void {
    const handler = this.#handlers.get(task.type) as RegisteredHandler;
    const attempt = new Attempt(task, handler, this.#around.storage.repositories, this.#around.random);
    this.#running.set(task.leaseToken, attempt);
    this.#track(this.#runAndSettle(attempt));
  }

  /** Tells handlers that their leases are lost; nothing of theirs is settled. */
  abort(lost: readonly LostLease[]): void {
    for (const { leaseToken, detail } of lost) this.#running.get(leaseToken)?.abort('lost', detail);
  }

  /** Gives every running attempt back and tells its handler. */
  releaseAll(): void {
    for (const attempt of this.#running.values()) {
      attempt.abort('released', 'The worker is being stopped');
      this.release(attempt.task);
    }
  }

  /** Gives a claimed task back: queued again at once, the attempt not counted. */
  release({ id, leaseToken }: ClaimedTask): void {
    const { storage, logger } = this.#around;
    const released = storage.repositories.leases.release({ id, leaseToken });
    this.#track(
      released.then(
        () => undefined,
        (error) => logger.warn({ err: error, task: id }, 'releasing failed: the lease will run out'),
      ),
    );
  }

  /** Resolves when nothing is left that runs or waits for its settle. */
  async settled(): Promise<void> {
    while (this.#unsettled.size > 0) await Promise.all(this.#unsettled);
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#unsettled.delete(tracked));
    this.#unsettled.add(tracked);
  }

  async #runAndSettle(attempt: Attempt): Promise<void> {
    const outcome = await attempt.run();
    // The slot is free as soon as the handler is done: the next claim then shares the settle's commit.
    this.#running.delete(attempt.task.leaseToken);
    this.#onSlotFree();
    if (outcome) await this.#settle(attempt.lease, outcome);
  }

  async #settle(lease: Lease, outcome: Outcome): Promise<void> {
    const { storage, logger } = this.#around;
    const { leases } = storage.repositories;
    const write = () =>
      'failure' in outcome ? leases.fail(lease, outcome.failure) : leases.complete(lease, outcome.result);
    try {
      await persist(write, (error) =>
        logger.warn({ err: error, task: lease.id }, 'settling failed, trying again'),
      );
    } catch (error) {
      logger.warn({ err: error, task: lease.id }, 'the outcome of an attempt was not accepted');
    }
  }
}

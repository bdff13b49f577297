import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import type { Random } from '../domain/random.js';
import type { ClaimedTask } from '../domain/stored-task.js';
import type { Lease, LostLease } from '../repositories/lease-repository.js';
import type { Storage } from '../repositories/storage.js';
import { Attempt, type AttemptResult } from './attempt.js';
import type { HandlerRegistry, RegisteredHandler } from './handler-registry.js';
import { OutcomeLog } from './outcome-log.js';
import { persist } from './persist.js';

interface ExecutorSurroundings {
  storage: Storage;
  clock: Clock;
  random: Random;
  logger: Logger;
}

/** Runs claimed tasks and settles how they ended. */
export class Executor {
  readonly #handlers: HandlerRegistry;
  readonly #around: ExecutorSurroundings;
  readonly #onSlotFree: () => void;
  readonly #outcomes: OutcomeLog;
  /** Attempts whose handlers run, by lease token: each takes a slot. */
  readonly #running = new Map<string, Attempt>();
  /** Everything not yet settled, running or just run. */
  readonly #unsettled = new Set<Promise<void>>();
  /** Aborted when there is no time left for a storage that cannot store. */
  readonly #hurry = new AbortController();

  constructor(handlers: HandlerRegistry, around: ExecutorSurroundings, onSlotFree: () => void) {
    this.#handlers = handlers;
    this.#around = around;
    this.#onSlotFree = onSlotFree;
    this.#outcomes = new OutcomeLog(around.logger, around.clock);
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
    const { storage, random } = this.#around;
    const handler = this.#handlers.get(task.type) as RegisteredHandler;
    const attempt = new Attempt(task, handler, storage.repositories, random, (write) =>
      this.#persist(task, write),
    );
    this.#running.set(task.leaseToken, attempt);
    this.#track(this.#runAndSettle(attempt));
  }

  /** Tells handlers that their leases are lost; nothing of theirs is settled. */
  abort(lost: readonly LostLease[]): void {
    for (const { leaseToken, detail } of lost) this.#running.get(leaseToken)?.abort('lost', detail);
  }

  /** Gives every running attempt back and tells its handler; what cannot be stored now is left to its lease. */
  releaseAll(): void {
    this.#hurry.abort();
    for (const attempt of this.#running.values()) attempt.abort('released', 'The worker is being stopped');
  }

  /** Gives a claimed task back: queued again at once, the attempt not counted. */
  release(task: ClaimedTask): void {
    this.#track(this.#settle(task, 'released'));
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
    const result = await attempt.run();
    // The slot is free as soon as the handler is done: the next claim then shares the settle's commit.
    this.#running.delete(attempt.task.leaseToken);
    this.#onSlotFree();
    if (result === 'lost') this.#outcomes.lost(attempt.task, attempt.endedBecause ?? '');
    else await this.#settle(attempt.task, result);
  }

  async #settle(task: ClaimedTask, result: Exclude<AttemptResult, 'lost'>): Promise<void> {
    const { leases } = this.#around.storage.repositories;
    const lease = { id: task.id, leaseToken: task.leaseToken };
    try {
      await this.#persist(task, () => {
        if (result === 'released') return leases.release(lease);
        return 'failure' in result
          ? leases.fail(lease, result.failure)
          : leases.complete(lease, result.result);
      });
      this.#outcomes.settled(task, result);
    } catch (error) {
      this.#outcomes.refused(task, error);
    }
  }

  #persist<T>(task: ClaimedTask, write: () => Promise<T>): Promise<T> {
    const onRetry = (error: Error) =>
      this.#around.logger.warn({ err: error, task: task.id }, 'storing failed, trying again');
    return persist(write, { signal: this.#hurry.signal, onRetry });
  }
}

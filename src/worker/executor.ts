import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock, Random } from '../core/clock.js';
import { type ErrorCode, OutcomeUnknown, SpooliteError } from '../core/errors.js';
import type { ClaimedTask } from '../core/task.js';
import type { Lease, LostLease } from '../repositories/lease-repository.js';
import type { Storage } from '../repositories/storage.js';
import { Attempt, type AttemptEnd } from './attempt.js';
import { attemptScope } from './crash-guard.js';
import type { HandlerRegistry, RegisteredHandler } from './handlers.js';
import { type AttemptResult, OutcomeLog } from './outcome.js';

interface ExecutorDependencies {
  storage: Storage;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** Track the attempt that code runs for, for a {@link CrashGuard}. */
  handleCrashes: boolean;
}

/** Milliseconds after the end of an attempt until its handler counts as overdue. */
const OVERDUE_AFTER_MS = 1_000;

/** What an executor reports to its worker. */
interface ExecutorEvents {
  onSlotFree(): void;
  /** The number of overdue handlers; called whenever it changes. */
  onOverdue(count: number): void;
}

/**
 * Runs claimed tasks and settles their outcomes. A slot is taken until its handler has returned, even if the attempt
 * was over before (timeout, cancel, lost lease): a handler that still runs still uses the machine.
 */
export class Executor {
  readonly #handlers: HandlerRegistry;
  readonly #deps: ExecutorDependencies;
  readonly #events: ExecutorEvents;
  /** Attempts with running handlers, by task id: each takes a slot. */
  readonly #running = new Map<number, Attempt>();
  /** Those among them that ended a while ago. */
  readonly #overdue = new Set<Attempt>();
  readonly #outcomes: OutcomeLog;
  /** Attempts not yet settled, running or just finished. */
  readonly #unsettled = new Set<Promise<void>>();
  /** Aborted when there is no time left to wait for the storage. */
  readonly #stopRetrying = new AbortController();

  constructor(handlers: HandlerRegistry, deps: ExecutorDependencies, events: ExecutorEvents) {
    this.#handlers = handlers;
    this.#deps = deps;
    this.#events = events;
    this.#outcomes = new OutcomeLog(deps.logger, deps.clock);
  }

  /** Slots in use. */
  get running(): number {
    return this.#running.size;
  }

  /** Leases of the running attempts. */
  get leases(): Lease[] {
    return [...this.#running.values()].filter(({ isOverdue }) => !isOverdue).map(({ lease }) => lease);
  }

  /** Tasks no longer held whose handlers still run: a second run must not start beside the first. */
  get lingeringIds(): number[] {
    return [...this.#running.values()].filter(({ isOverdue }) => isOverdue).map(({ task }) => task.id);
  }

  /** Runs a claimed task; releases it if its handler still runs for an earlier attempt. */
  run(task: ClaimedTask): void {
    const earlier = this.#running.get(task.id);
    if (earlier) {
      // The claim came before the notification that the earlier lease is lost.
      this.#abort(earlier, 'lost', `Task ${task.id} was queued again`);
      this.release(task);
    } else this.#start(task);
  }

  #start(task: ClaimedTask): void {
    const { storage, random } = this.#deps;
    const handler = this.#handlers.get(task.type) as RegisteredHandler;
    const attempt = new Attempt(task, handler, storage.repositories, random, (write) =>
      this.#retryUntilStored(task, write),
    );
    this.#running.set(task.id, attempt);
    this.#track(this.#runAndSettle(attempt));
  }

  /** Aborts handlers whose leases are lost; they are not settled. */
  abort(lost: readonly LostLease[]): void {
    for (const { id, leaseToken, detail } of lost) {
      const attempt = this.#running.get(id);
      if (attempt?.task.leaseToken === leaseToken) this.#abort(attempt, 'lost', detail);
    }
  }

  /** Releases every running attempt and aborts its handler; what cannot be stored now is left to its lease. */
  releaseAll(): void {
    this.#stopRetrying.abort();
    for (const attempt of this.#running.values()) this.#abort(attempt, 'released', 'The worker is stopping');
  }

  /** Releases a claimed task: queued again at once, the attempt not counted. */
  release(task: ClaimedTask): void {
    this.#track(this.#settle(task, 'released'));
  }

  /** Resolves when no attempt runs or waits for its settle; a handler whose attempt is over may still run. */
  async settled(): Promise<void> {
    while (this.#unsettled.size > 0) await Promise.all(this.#unsettled);
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#unsettled.delete(tracked));
    this.#unsettled.add(tracked);
  }

  async #runAndSettle(attempt: Attempt): Promise<void> {
    const result = await this.#within(attempt, () => attempt.run());
    // The slot is free as soon as the handler is done: the next claim then shares the settle's commit.
    if (attempt.isOverdue) this.#keepSlot(attempt);
    else this.#freeSlot(attempt);
    if (result === 'lost') this.#outcomes.lost(attempt.task, attempt.endedBecause ?? '');
    else await this.#settle(attempt.task, result);
  }

  /** Runs the listeners of the handler's signal, whose errors belong to the attempt. */
  #abort(attempt: Attempt, end: AttemptEnd, message: string): void {
    this.#within(attempt, () => attempt.abort(end, message));
  }

  #within<T>(attempt: Attempt, run: () => T): T {
    return this.#deps.handleCrashes ? attemptScope.run(attempt, run) : run();
  }

  #freeSlot({ task }: Attempt): void {
    this.#running.delete(task.id);
    this.#events.onSlotFree();
  }

  /** Keeps the slot until the handler has returned, and reports it if that takes long. */
  #keepSlot(attempt: Attempt): void {
    const { id, type } = attempt.task;
    const timer = setTimeout(() => {
      this.#overdue.add(attempt);
      this.#deps.logger.warn(
        { task: id, type },
        'a handler is still running after its attempt ended; it keeps its slot until it returns',
      );
      this.#events.onOverdue(this.#overdue.size);
    }, OVERDUE_AFTER_MS).unref();
    void attempt.returned.then(() => {
      clearTimeout(timer);
      this.#freeSlot(attempt);
      if (this.#overdue.delete(attempt)) this.#events.onOverdue(this.#overdue.size);
    });
  }

  async #settle(task: ClaimedTask, result: Exclude<AttemptResult, 'lost'>): Promise<void> {
    const { leases } = this.#deps.storage.repositories;
    const lease = { id: task.id, leaseToken: task.leaseToken };
    try {
      await this.#retryUntilStored(task, () => {
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

  #retryUntilStored<T>(task: ClaimedTask, write: () => Promise<T>): Promise<T> {
    const onRetry = (error: Error) =>
      this.#deps.logger.warn({ err: error, task: task.id }, 'storing failed, retrying');
    return retryUntilStored(write, { signal: this.#stopRetrying.signal, onRetry });
  }
}

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 2_000;

/** A moved file may be moved back, a read-only disk be remounted. */
const TRANSIENT: readonly ErrorCode[] = ['STORAGE_BUSY', 'STORAGE_FULL', 'NOT_READY'];

/** Tries of a write that fails for an unknown reason, which may be permanent. */
const UNEXPLAINED_TRIES = 10;

export interface RetryOptions {
  /** Aborted when time has run out: the next failure is the last. */
  signal: AbortSignal;
  onRetry(error: SpooliteError): void;
}

function isTransient(error: unknown, tries: number): error is SpooliteError {
  if (!(error instanceof SpooliteError)) return false;
  // A settle that was stored succeeds a second time.
  if (error instanceof OutcomeUnknown) return true;
  if (error.code === 'INTERNAL_ERROR') return tries < UNEXPLAINED_TRIES;
  return TRANSIENT.includes(error.code);
}

/**
 * Runs a write of a worker until it is stored or refused: an attempt's result must not be lost because the disk was
 * full or the file locked for a while. Rejects with a permanent refusal (LEASE_LOST, …).
 */
export async function retryUntilStored<T>(
  write: () => Promise<T>,
  { signal, onRetry }: RetryOptions,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await write();
    } catch (error) {
      if (signal.aborted || !isTransient(error, tries)) throw error;
      onRetry(error);
      const delayMs = Math.min(FIRST_DELAY_MS * 2 ** (tries - 1), LONGEST_DELAY_MS);
      await delay(delayMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

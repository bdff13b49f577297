import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from 'pino';
import type { Attempt } from './attempt.js';
import { errorDetails } from './error-details.js';

export interface CrashGuardOptions {
  logger: Logger;
  /**
   * Fails the attempt that crashed the process and gives back every other task of the worker, at no cost in attempts.
   * Blocks until that is stored. Without a culprit all are given back.
   */
  abandon(culprit: Attempt | undefined, error: unknown): void;
}

/** What ends the process: each worker's guard hears of it, and the first one to hear ends the process. */
let uncaught: { error: unknown } | undefined;

/**
 * Keeps the error of one handler from costing its neighbours an attempt, where it ends the process: an error thrown in
 * a timer or a callback, a rejection that nothing awaits, a worker thread that throws, `process.exit`. The error is
 * attributed by asynchronous context; an uncaught one that belongs to no attempt leaves the tasks to their leases, as a
 * kill does. The process always ends, with an exit code other than 0.
 */
export class CrashGuard {
  readonly #options: CrashGuardOptions;
  #isOver = false;

  constructor(options: CrashGuardOptions) {
    this.#options = options;
  }

  /** Starts listening to the process. Returns a function that ends it. */
  install(): () => void {
    process.on('uncaughtException', this.#onUncaught);
    // Before the log's own listener, which writes what was logged last.
    process.prependListener('exit', this.#onExit);
    return () => {
      process.off('uncaughtException', this.#onUncaught);
      process.off('exit', this.#onExit);
    };
  }

  /** Also called for rejections: unless a program listens to those itself, node makes them uncaught errors. */
  readonly #onUncaught = (error: unknown): void => {
    uncaught ??= { error };
    const culprit = attemptScope.getStore();
    const advice = culprit
      ? 'a handler crashed the process: its attempt failed, other tasks are released'
      : 'an error outside of any handler crashed the process: its tasks run again when their leases expire';
    this.#end(culprit, error, advice, culprit !== undefined);
    process.exit(1);
  };

  readonly #onExit = (code: number): void => {
    const culprit = attemptScope.getStore();
    const exit = new Error(`process.exit(${code}) was called while the handler ran`);
    this.#end(
      culprit,
      uncaught ? uncaught.error : exit,
      'the process is exiting: its tasks are released',
      true,
    );
    if (culprit && code === 0) process.exitCode = 1;
  };

  #end(culprit: Attempt | undefined, error: unknown, message: string, isAbandoned: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (isAbandoned) this.#options.abandon(culprit, error);
    const task = culprit && { task: culprit.task.id, type: culprit.task.type };
    this.#options.logger.fatal({ ...task, ...JSON.parse(errorDetails(error)) }, message);
  }
}

/**
 * The attempt on whose behalf code runs now, also in its timers, callbacks and promises. Followed only for workers that
 * handle crashes: it makes every promise of the process a little slower.
 */
export const attemptScope = new AsyncLocalStorage<Attempt>();

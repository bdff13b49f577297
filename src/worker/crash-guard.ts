import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from 'pino';
import type { Attempt } from './attempt.js';
import { errorDetails } from './error-details.js';

export interface CrashGuardOptions {
  logger: Logger;
  /**
   * Fails the attempt that crashed the process and releases all other tasks of the worker, at no cost in attempts.
   * Blocks until that is stored. Without a culprit all are released.
   */
  abandon(culprit: Attempt | undefined, error: unknown): void;
}

/** The error that ends the process: every worker's guard is called, and the first one ends the process. */
let uncaught: { error: unknown } | undefined;

/**
 * Prevents a crash by one handler from costing other tasks an attempt: an error thrown in a timer or a callback, a
 * rejection that nothing awaits, a worker thread that throws, `process.exit`. The error is attributed by asynchronous
 * context; one that belongs to no attempt leaves the tasks to their leases, as a kill does. The process always ends,
 * with an exit code other than 0.
 */
export class CrashGuard {
  readonly #options: CrashGuardOptions;
  #isOver = false;

  constructor(options: CrashGuardOptions) {
    this.#options = options;
  }

  /** Listens to the process. Returns a function that stops it. */
  install(): () => void {
    process.on('uncaughtException', this.#onUncaught);
    // Before the log's own listener, which writes the last lines.
    process.prependListener('exit', this.#onExit);
    return () => {
      process.off('uncaughtException', this.#onUncaught);
      process.off('exit', this.#onExit);
    };
  }

  /** Also called for rejections: without a listener of the program, node turns them into uncaught errors. */
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
 * The attempt that the current code runs for, also in its timers, callbacks and promises. Used only for workers that
 * handle crashes: it makes every promise of the process a little slower.
 */
export const attemptScope = new AsyncLocalStorage<Attempt>();

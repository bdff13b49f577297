import type { Random } from '../domain/random.js';
import type { ClaimedTask } from '../domain/stored-task.js';
import { toTask } from '../domain/task.js';
import type { Lease } from '../repositories/lease-repository.js';
import type { Repositories } from '../repositories/repositories.js';
import { type AttemptEnd, AttemptOver } from './attempt-over.js';
import type { HandlerContext } from './handler.js';
import type { RegisteredHandler } from './handler-registry.js';
import { failureOf, type Outcome, successOf, timeoutOf } from './outcome.js';
import { ProgressReporter } from './progress-reporter.js';
import { TaskLog } from './task-log.js';

/** Has a write of this attempt tried again while the storage has no time or no room for it. */
type Persist = <T>(write: () => Promise<T>) => Promise<T>;

/** What became of an attempt: an outcome to settle, or why there is none. */
export type AttemptResult = Outcome | 'lost' | 'released';

/** One execution of a task: runs its handler and finds out how it ended. Settling is left to the worker. */
export class Attempt {
  readonly task: ClaimedTask;
  readonly #handler: RegisteredHandler;
  readonly #random: Random;
  readonly #controller = new AbortController();
  readonly #progress: ProgressReporter;
  readonly #log: TaskLog;
  #ended = false;

  constructor(
    task: ClaimedTask,
    handler: RegisteredHandler,
    { leases, logs }: Repositories,
    random: Random,
    persist: Persist,
  ) {
    this.task = task;
    this.#handler = handler;
    this.#random = random;
    this.#progress = new ProgressReporter((progress) =>
      persist(() => leases.renew({ ...this.lease, leaseMs: null, progress })),
    );
    this.#log = new TaskLog((entries) => persist(() => logs.append(this.lease, entries)));
  }

  get lease(): Lease {
    return { id: this.task.id, leaseToken: this.task.leaseToken };
  }

  /** Ends the attempt before its handler does. The first reason counts; once the handler is done there is none. */
  abort(end: AttemptEnd, message: string): void {
    if (!this.#ended) this.#controller.abort(new AttemptOver(end, message));
  }

  /** Runs the handler. Resolves when that is done, or the attempt is over for another reason; never rejects. */
  async run(): Promise<AttemptResult> {
    const aborted = this.#aborted();
    const timer = this.#startTimeout();
    const result = await Promise.race([aborted, this.#runHandler()]);
    this.#ended = true;
    clearTimeout(timer);
    await Promise.all([this.#progress.flush(), this.#log.flush()]);
    return result;
  }

  #startTimeout(): NodeJS.Timeout | undefined {
    const { timeoutMs } = this.#handler;
    if (timeoutMs === null) return undefined;
    return setTimeout(() => this.abort('timeout', `Timed out after ${timeoutMs / 1000} s`), timeoutMs);
  }

  async #runHandler(): Promise<Outcome> {
    const context: HandlerContext = {
      signal: this.#controller.signal,
      progress: (percent, message) => this.#progress.report(percent, message),
      log: this.#log.functions,
    };
    try {
      return successOf(await this.#handler.handler(toTask(this.task), context));
    } catch (error) {
      return { failure: failureOf(error, this.task.attempts, this.#handler, this.#random) };
    }
  }

  /**
   * Resolves when the attempt is ended from outside, whether or not the handler heeds its signal. Listens before the
   * handler can, so that a handler which throws because of the signal does not make a failure of it.
   */
  #aborted(): Promise<AttemptResult> {
    const { signal } = this.#controller;
    return new Promise((resolve) => {
      const onAbort = () => {
        const { end } = signal.reason as AttemptOver;
        resolve(end === 'timeout' ? this.#timedOut() : end);
      };
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  #timedOut(): Outcome {
    return { failure: timeoutOf(this.task.attempts, this.#handler, this.#random) };
  }
}

import type { Random } from '../core/clock.js';
import { recognizeAcrossCopies } from '../core/errors.js';
import type { AttemptFailure } from '../core/retry.js';
import { type ClaimedTask, toTask } from '../core/task.js';
import type { Lease } from '../repositories/lease-repository.js';
import type { Repositories } from '../repositories/storage.js';
import { AttemptSpan } from './attempt-span.js';
import { ProgressReporter, TaskLog } from './handler-reports.js';
import type { HandlerContext, RegisteredHandler } from './handlers.js';
import { type AttemptResult, failureOf, type Outcome, successOf, timeoutOf } from './outcome.js';

/** Retries a write of this attempt while the storage is busy or full. */
type RetryUntilStored = <T>(write: () => Promise<T>) => Promise<T>;

/**
 * One execution of a task: runs its handler and determines how it ended; the worker settles it. A signal or a log is
 * created only if the handler uses it, as most do not.
 */
export class Attempt {
  readonly task: ClaimedTask;
  readonly #handler: RegisteredHandler;
  readonly #random: Random;
  readonly #repositories: Repositories;
  readonly #retryUntilStored: RetryUntilStored;
  readonly #span: AttemptSpan;
  #controller: AbortController | undefined;
  #progress: ProgressReporter | undefined;
  #log: TaskLog | undefined;
  #end: ((result: AttemptResult) => void) | undefined;
  #over: AttemptOver | undefined;
  #ended = false;
  #returned: Promise<void> = Promise.resolve();
  #hasReturned = false;

  constructor(
    task: ClaimedTask,
    handler: RegisteredHandler,
    repositories: Repositories,
    random: Random,
    retryUntilStored: RetryUntilStored,
  ) {
    this.task = task;
    this.#handler = handler;
    this.#repositories = repositories;
    this.#random = random;
    this.#retryUntilStored = retryUntilStored;
    this.#span = new AttemptSpan(task);
  }

  get lease(): Lease {
    return { id: this.task.id, leaseToken: this.task.leaseToken };
  }

  /** The attempt is over, yet its handler still runs: it ignores its signal, or has not reacted yet. */
  get isOverdue(): boolean {
    return this.#over !== undefined && !this.#hasReturned;
  }

  /** Resolves when the handler has returned, which may be long after the attempt was over. */
  get returned(): Promise<void> {
    return this.#returned;
  }

  /** The failure for an error that surfaced outside of the handler's promise. */
  failureOf(error: unknown): AttemptFailure {
    return failureOf(error, this.task.attempts, this.#handler, this.#random);
  }

  /** Why it ended before its handler did, for people. */
  get endedBecause(): string | undefined {
    return this.#over?.message;
  }

  /** Ends the attempt before its handler does. The first reason counts; none once the handler is done. */
  abort(end: AttemptEnd, message: string): void {
    if (this.#ended || this.#over) return;
    this.#over = new AttemptOver(end, message);
    this.#span.threw(this.#over);
    // Before aborting the signal: the attempt is over however the handler reacts, and an error thrown on account of the
    // signal is no failure.
    this.#end?.(end === 'timeout' ? this.#timedOut() : end);
    this.#controller?.abort(this.#over);
  }

  /** Runs the handler. Resolves when it is done, or the attempt is over for another reason; never rejects. */
  async run(): Promise<AttemptResult> {
    const timer = this.#startTimeout();
    const result = await new Promise<AttemptResult>((resolve) => {
      this.#end = resolve;
      this.#returned = this.#runHandler().then((outcome) => {
        this.#hasReturned = true;
        resolve(outcome);
      });
    });
    this.#ended = true;
    clearTimeout(timer);
    await this.#progress?.flush();
    await this.#log?.flush();
    this.#span.end(result);
    return result;
  }

  #startTimeout(): NodeJS.Timeout | undefined {
    const { timeoutMs } = this.#handler;
    if (timeoutMs === null) return undefined;
    return setTimeout(() => this.abort('timeout', `Timed out after ${timeoutMs / 1000} s`), timeoutMs);
  }

  async #runHandler(): Promise<Outcome> {
    try {
      return successOf(await this.#span.run(() => this.#handler.handler(toTask(this.task), this.#context())));
    } catch (error) {
      this.#span.threw(error);
      return { failure: this.failureOf(error) };
    }
  }

  #context(): HandlerContext {
    const signal = () => this.#signal();
    const log = () => this.#taskLog().functions;
    return {
      get signal() {
        return signal();
      },
      progress: (percent, message) => this.#reporter().report(percent, message),
      get log() {
        return log();
      },
    };
  }

  #signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#over) this.#controller.abort(this.#over);
    }
    return this.#controller.signal;
  }

  #reporter(): ProgressReporter {
    const { leases } = this.#repositories;
    this.#progress ??= new ProgressReporter((progress) =>
      this.#retryUntilStored(() => leases.renew({ ...this.lease, leaseMs: null, progress })),
    );
    return this.#progress;
  }

  #taskLog(): TaskLog {
    const { logs } = this.#repositories;
    this.#log ??= new TaskLog((entries) => this.#retryUntilStored(() => logs.append(this.lease, entries)));
    return this.#log;
  }

  #timedOut(): Outcome {
    return { failure: timeoutOf(this.task.attempts, this.#handler, this.#random) };
  }
}

/** Why a handler's signal was aborted. */
export type AttemptEnd = 'timeout' | 'lost' | 'released';

/** The `reason` of a handler's aborted signal. */
export class AttemptOver extends Error {
  override readonly name = 'AttemptOver';
  static {
    recognizeAcrossCopies(AttemptOver, 'AttemptOver');
  }

  constructor(
    readonly end: AttemptEnd,
    message: string,
  ) {
    super(message);
  }
}

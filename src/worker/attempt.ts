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

/** One execution of a task: runs its handler and finds out how it ended. Settling is left to the worker. */
export class Attempt {
  readonly task: ClaimedTask;
  readonly #handler: RegisteredHandler;
  readonly #random: Random;
  readonly #controller = new AbortController();
  readonly #progress: ProgressReporter;
  readonly #log: TaskLog;

  constructor(task: ClaimedTask, handler: RegisteredHandler, { leases, logs }: Repositories, random: Random) {
    this.task = task;
    this.#handler = handler;
    this.#random = random;
    this.#progress = new ProgressReporter((progress) =>
      leases.renew({ ...this.lease, leaseMs: null, progress }),
    );
    this.#log = new TaskLog((entries) => logs.append(this.lease, entries));
  }

  get lease(): Lease {
    return { id: this.task.id, leaseToken: this.task.leaseToken };
  }

  /** Ends the attempt before its handler does. The first reason counts. */
  abort(end: AttemptEnd, message: string): void {
    this.#controller.abort(new AttemptOver(end, message));
  }

  /** Runs the handler. Null when there is nothing to settle, because the lease is lost or given back. */
  async run(): Promise<Outcome | null> {
    const timer = this.#startTimeout();
    const outcome = await Promise.race([this.#runHandler(), this.#aborted()]);
    clearTimeout(timer);
    await Promise.all([this.#progress.flush(), this.#log.flush()]);
    if (this.#endedBy('lost') || this.#endedBy('released')) return null;
    // A handler that heeds its signal throws when its time is over: still a timeout.
    return this.#endedBy('timeout') && outcome && 'failure' in outcome ? this.#timedOut() : outcome;
  }

  #startTimeout(): NodeJS.Timeout | undefined {
    const { timeoutMs } = this.#handler;
    if (timeoutMs === null) return undefined;
    return setTimeout(() => this.abort('timeout', `Timed out after ${timeoutMs / 1000} s`), timeoutMs);
  }

  async #runHandler(): Promise<Outcome> {
    const context: HandlerContext = {
      signal: this.#controller.signal,
      progress: (percent, message) => this.#progress.report(percent, message ?? null),
      log: this.#log.functions,
    };
    try {
      return successOf(await this.#handler.handler(toTask(this.task), context));
    } catch (error) {
      return { failure: failureOf(error, this.task.attempts, this.#handler, this.#random) };
    }
  }

  /** Resolves when the attempt is ended from outside, whether or not the handler heeds its signal. */
  #aborted(): Promise<Outcome | null> {
    const { signal } = this.#controller;
    return new Promise((resolve) => {
      const settle = () => resolve(this.#endedBy('timeout') ? this.#timedOut() : null);
      if (signal.aborted) settle();
      else signal.addEventListener('abort', settle, { once: true });
    });
  }

  #timedOut(): Outcome {
    return { failure: timeoutOf(this.task.attempts, this.#handler, this.#random) };
  }

  #endedBy(end: AttemptEnd): boolean {
    const { aborted, reason } = this.#controller.signal;
    return aborted && (reason as AttemptOver).end === end;
  }
}

import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import { type AttemptFailure, decideFailure } from '../domain/settlement.js';
import type { ClaimedTask } from '../domain/stored-task.js';
import type { AttemptResult } from './attempt.js';

/** Characters of an error message in the log; the task has more of it. */
const MAX_MESSAGE = 500;

const shortened = (text: string): string =>
  text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE - 1).toWellFormed()}…`;

/** One line in the program's log for the outcome of each attempt: whoever runs a worker sees how it goes without asking the API. */
export class OutcomeLog {
  readonly #logger: Logger;
  readonly #clock: Clock;

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
  }

  /** The outcome is stored. */
  settled(task: ClaimedTask, result: Exclude<AttemptResult, 'lost'>): void {
    if (result === 'released') this.#logger.info(this.#members(task), 'attempt given back, not counted');
    else if ('failure' in result) this.#failed(task, result.failure);
    // A worker may complete thousands a second, and nobody reads a line for each unless asked for.
    else if (this.#logger.isLevelEnabled('debug'))
      this.#logger.debug(this.#members(task), 'attempt completed');
  }

  /** There is nothing to store: the attempt is no longer this worker's. `why` is for people. */
  lost(task: ClaimedTask, why: string): void {
    this.#logger.warn(this.#members(task, why), 'attempt lost, its outcome does not count');
  }

  /** The storage did not take the outcome. */
  refused(task: ClaimedTask, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.#logger.warn(this.#members(task, why), 'the outcome of an attempt was not accepted');
  }

  #failed(task: ClaimedTask, failure: AttemptFailure): void {
    const members = { ...this.#members(task, failure.errorMessage), reason: failure.reason };
    const next = decideFailure(task, failure);
    if (next.status === 'failed') this.#logger.error(members, 'attempt failed, and with it the task');
    else this.#logger.warn({ ...members, retry_in_ms: next.delayMs }, 'attempt failed, will be tried again');
  }

  #members(task: ClaimedTask, message?: string) {
    const { id, type, attempts, maxAttempts, lockedBy, processingStartedAt } = task;
    return {
      task_id: id,
      type,
      attempt: attempts,
      max_attempts: maxAttempts,
      worker_id: lockedBy,
      duration_ms: processingStartedAt === null ? undefined : this.#clock.now() - processingStartedAt,
      error_message: message === undefined ? undefined : shortened(message),
    };
  }
}

import { types } from 'node:util';
import type { Logger } from 'pino';
import type { Clock, Random } from '../core/clock.js';
import { isRejected, isRetryAfter } from '../core/errors.js';
import { TEXT_LIMITS } from '../core/limits.js';
import { type AttemptFailure, backoffMs, decideFailure } from '../core/retry.js';
import type { ClaimedTask } from '../core/task.js';
import { errorText, toJsonText } from '../core/text.js';
import { errorDetails, previewOf, truncateForStorage } from './error-details.js';
import type { RegisteredHandler } from './handlers.js';

/** How an attempt ended, ready to be settled. */
export type Outcome = { result: string | null } | { failure: AttemptFailure };

/** An outcome to settle, or why there is none. */
export type AttemptResult = Outcome | 'lost' | 'released';

/** A proxy is described by a preview: reading from it may throw. */
function messageOf(error: unknown): string {
  const said = types.isProxy(error) ? '' : truncateForStorage(() => Object(error).message || error);
  const isMute = said === '' || said === String({});
  return errorText(isMute && typeof error === 'object' && error !== null ? previewOf(error) : said);
}

/** Whether `is` holds for the error; false if inspecting it throws. */
function isKind<T>(error: unknown, is: (error: unknown) => error is T): error is T {
  try {
    return is(error);
  } catch {
    return false;
  }
}

/** The outcome of a handler that threw any value. */
export function failureOf(
  error: unknown,
  attempts: number,
  { retry }: RegisteredHandler,
  random: Random,
): AttemptFailure {
  const said = { errorMessage: messageOf(error), details: errorDetails(error) };
  if (isKind(error, isRejected)) return { ...said, reason: 'rejected', retryDelayMs: null };
  const retryDelayMs = isKind(error, isRetryAfter)
    ? Math.round(error.seconds * 1000)
    : backoffMs(attempts, random, retry);
  return { ...said, reason: 'error', retryDelayMs };
}

/** The outcome of a timeout. */
export function timeoutOf(
  attempts: number,
  { retry, retryTimeouts, timeoutMs }: RegisteredHandler,
  random: Random,
): AttemptFailure {
  return {
    errorMessage: `Timed out after ${(timeoutMs ?? 0) / 1000} s`,
    reason: 'timeout',
    retryDelayMs: retryTimeouts ? backoffMs(attempts, random, retry) : null,
  };
}

/** The outcome of a handler that returned `value`; one that JSON cannot represent is a failure without retry. */
export function successOf(value: unknown): Outcome {
  if (value === undefined || value === null) return { result: null };
  const json = toJsonText(value, TEXT_LIMITS.value);
  if ('text' in json) return { result: json.text };
  const errorMessage = `The result cannot be stored: ${json.problem}`;
  return { failure: { errorMessage, reason: 'rejected', retryDelayMs: null } };
}

/** Characters of an error message in the log; the task has all of it. */
const MAX_LOGGED_MESSAGE = 500;

const shortened = (text: string): string =>
  text.length <= MAX_LOGGED_MESSAGE ? text : `${text.slice(0, MAX_LOGGED_MESSAGE - 1).toWellFormed()}…`;

/** Logs one line for the outcome of each attempt, so that a worker's operator need not query the API. */
export class OutcomeLog {
  readonly #logger: Logger;
  readonly #clock: Clock;

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
  }

  /** The outcome is stored. */
  settled(task: ClaimedTask, result: Exclude<AttemptResult, 'lost'>): void {
    if (result === 'released') this.#logger.info(this.#members(task), 'attempt released, not counted');
    else if ('failure' in result) this.#failed(task, result.failure);
    // A worker may complete thousands a second: only at level `debug`.
    else if (this.#logger.isLevelEnabled('debug'))
      this.#logger.debug(this.#members(task), 'attempt completed');
  }

  /** The outcome does not count: the attempt is no longer this worker's. `why` is for people. */
  lost(task: ClaimedTask, why: string): void {
    this.#logger.warn(this.#members(task, why), 'attempt lost, its outcome does not count');
  }

  /** The storage refused the outcome. */
  refused(task: ClaimedTask, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.#logger.warn(this.#members(task, why), 'the outcome of an attempt was not accepted');
  }

  #failed(task: ClaimedTask, failure: AttemptFailure): void {
    const members = { ...this.#members(task, failure.errorMessage), reason: failure.reason };
    const next = decideFailure(task, failure);
    if (next.status === 'failed') this.#logger.error(members, 'attempt failed, task failed');
    else this.#logger.warn({ ...members, retry_in_ms: next.delayMs }, 'attempt failed, will be retried');
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

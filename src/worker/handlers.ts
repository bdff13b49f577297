import { UserError } from '../core/errors.js';
import type { JsonObject, JsonValue } from '../core/json.js';
import { RETRY_LIMITS } from '../core/limits.js';
import type { RetryPolicy } from '../core/retry.js';
import type { Task } from '../core/task.js';
import { isName, NAME_RULE } from '../core/text.js';
import { requireOptionRange, requireRange } from './options.js';

/**
 * Writes to the task's log, for pollers and people. `details` is any JSON value; never throws: if details cannot be
 * stored, the entry says why.
 */
export type LogFunction = (message: string, details?: JsonValue) => void;

export interface HandlerContext {
  /**
   * Aborted when the attempt ends before the handler: the task was cancelled, timed out, or was lost to another worker,
   * or the worker is stopping. `signal.reason` is an Error with the reason.
   */
  signal: AbortSignal;
  /** Reports progress, 0 to 100, to pollers. Resolves once stored; of calls in quick succession the last counts. */
  progress(percent: number, message?: string): Promise<void>;
  log: { debug: LogFunction; info: LogFunction; warning: LogFunction; error: LogFunction };
}

/**
 * Runs one attempt of a task. Its return value is the task's result (any JSON value; undefined becomes null). Throwing
 * fails the attempt: `Rejected` for good, `RetryAfter` with a delay of its own, anything else with backoff.
 */
export type Handler = (task: Task<JsonObject>, context: HandlerContext) => unknown;

export interface HandlerOptions {
  handler: Handler;
  /** Time limit of an attempt, in seconds; 0: none. Default: the worker's `timeoutSeconds`. */
  timeoutSeconds?: number;
  /** Delays between the attempts of a failed task. */
  retry?: Partial<RetryPolicy>;
  /**
   * Retry after a timeout, while attempts are left. Off by default: a handler that ignores its signal may still be
   * running. One that blocks its process, so that it cannot notice the timeout, is never retried.
   */
  retryTimeouts?: boolean;
}

/** Handlers by task type. */
export type Handlers = Record<string, Handler | HandlerOptions>;

export interface RegisteredHandler extends HandlerOptions {
  /** Time limit of an attempt in milliseconds; null: none. */
  timeoutMs: number | null;
}

const OPTIONS = ['handler', 'timeoutSeconds', 'retry', 'retryTimeouts'];
const RETRY_OPTIONS = Object.keys(RETRY_LIMITS) as (keyof RetryPolicy)[];

/** A mistyped option would silently have no effect. */
function requireKnown(prefix: string, type: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new UserError(
    `${prefix}${unknown} of type "${type}" is not an option; the options are ${known.join(', ')}.`,
  );
}

function requireRetryPolicy(type: string, retry: Partial<RetryPolicy>): void {
  requireKnown('retry.', type, retry, RETRY_OPTIONS);
  for (const name of RETRY_OPTIONS) {
    if (Object.hasOwn(retry, name))
      requireRange(`retry.${name} of type "${type}"`, retry[name], RETRY_LIMITS[name]);
  }
}

function normalize(type: string, entry: Handler | HandlerOptions): HandlerOptions {
  const options = typeof entry === 'function' ? { handler: entry } : entry;
  if (typeof options?.handler !== 'function') {
    throw new UserError(
      `The handler for type "${type}" must be a function, or an object with a function "handler".`,
    );
  }
  requireKnown('', type, options, OPTIONS);
  requireRetryPolicy(type, options.retry ?? {});
  return options;
}

/** The handlers by trimmed names, as tasks have them. Throws `UserError` for an invalid type. */
export function namedHandlers(handlers: Handlers): Handlers {
  const named = new Map<string, Handlers[string]>();
  for (const [given, entry] of Object.entries(handlers)) {
    const type = given.trim();
    if (!isName(type))
      throw new UserError(`A handler's type must be ${NAME_RULE}, not ${JSON.stringify(given)}.`);
    if (named.has(type)) throw new UserError(`There are two handlers for type "${type}".`);
    named.set(type, entry);
  }
  return Object.fromEntries(named);
}

/** The handlers of a worker, validated once and with their defaults filled in. Throws `UserError`. */
export class HandlerRegistry {
  readonly #handlers = new Map<string, RegisteredHandler>();

  constructor(handlers: Handlers, defaultTimeoutSeconds: number) {
    for (const [type, entry] of Object.entries(handlers)) {
      const options = normalize(type, entry);
      const seconds = options.timeoutSeconds ?? defaultTimeoutSeconds;
      requireOptionRange(`timeoutSeconds of type "${type}"`, seconds, 'timeoutSeconds');
      this.#handlers.set(type, { ...options, timeoutMs: seconds === 0 ? null : seconds * 1000 });
    }
  }

  get types(): string[] {
    return [...this.#handlers.keys()];
  }

  /** Time limit in milliseconds of each type's attempts; null: none. */
  get timeouts(): Record<string, number | null> {
    return Object.fromEntries([...this.#handlers].map(([type, { timeoutMs }]) => [type, timeoutMs]));
  }

  get(type: string): RegisteredHandler | undefined {
    return this.#handlers.get(type);
  }
}

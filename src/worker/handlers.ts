import { UserError } from '../core/errors.js';
import type { JsonObject, JsonValue } from '../core/json.js';
import { RETRY_LIMITS } from '../core/limits.js';
import type { RetryPolicy } from '../core/retry.js';
import type { Task } from '../core/task.js';
import { isName, NAME_RULE } from '../core/text.js';
import { requireOptionRange, requireRange } from './options.js';

/**
 * Writes to the task's log, where pollers and people read it. `details` is any JSON value; never throws, and says in
 * the entry why when details cannot be stored.
 */
export type LogFunction = (message: string, details?: JsonValue) => void;

export interface HandlerContext {
  /**
   * Aborted when the attempt is over before the handler is: the task was cancelled, ran out of time, was lost to
   * another worker, or the worker is being stopped. `signal.reason` is an Error that says which.
   */
  signal: AbortSignal;
  /** Tells pollers how far the work is, 0 to 100. Resolves once stored; of calls in quick succession the last counts. */
  progress(percent: number, message?: string): Promise<void>;
  log: { debug: LogFunction; info: LogFunction; warning: LogFunction; error: LogFunction };
}

/**
 * Runs one attempt of a task. What it returns is the task's result (any JSON value; nothing is null). Throwing fails
 * the attempt: `Rejected` for good, `RetryAfter` with a delay of its own, anything else with backoff.
 */
export type Handler = (task: Task<JsonObject>, context: HandlerContext) => unknown;

export interface HandlerOptions {
  handler: Handler;
  /** An attempt may take this long, in seconds; 0 is without end. Default: the worker's `timeoutSeconds`. */
  timeoutSeconds?: number;
  /** How long a failed task waits before the next attempt. */
  retry?: Partial<RetryPolicy>;
  /**
   * Try again after a timeout, while attempts are left. Off by default: a handler that ignores its signal may still
   * be running. One that keeps its process too busy to notice the timeout is never tried again.
   */
  retryTimeouts?: boolean;
}

/** Handlers by task type. */
export type Handlers = Record<string, Handler | HandlerOptions>;

export interface RegisteredHandler extends HandlerOptions {
  /** Milliseconds an attempt may take; null is without end. */
  timeoutMs: number | null;
}

const OPTIONS = ['handler', 'timeoutSeconds', 'retry', 'retryTimeouts'];
const RETRY_OPTIONS = Object.keys(RETRY_LIMITS) as (keyof RetryPolicy)[];

/** A mistyped option would silently do nothing. */
function requireKnown(prefix: string, type: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new UserError(
    `${prefix}${unknown} of type "${type}" is not an option; there are ${known.join(', ')}.`,
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

/** The handlers by names as tasks have them: trimmed. Throws `UserError` for what can be no task's type. */
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

/** The handlers of a worker, checked once and with their defaults filled in. Throws `UserError`. */
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

  /** Milliseconds an attempt of each type may take; null is without end. */
  get timeouts(): Record<string, number | null> {
    return Object.fromEntries([...this.#handlers].map(([type, { timeoutMs }]) => [type, timeoutMs]));
  }

  get(type: string): RegisteredHandler | undefined {
    return this.#handlers.get(type);
  }
}

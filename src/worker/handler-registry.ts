import { isName, NAME_RULE } from '../domain/names.js';
import type { RetryPolicy } from '../domain/retry-policy.js';
import { StartupError } from '../domain/startup-error.js';
import { WORKER_LIMITS } from '../domain/worker-limits.js';
import type { Handler, HandlerOptions, Handlers } from './handler.js';
import { requireRange } from './require-range.js';

export interface RegisteredHandler extends HandlerOptions {
  /** Milliseconds an attempt may take; null is without end. */
  timeoutMs: number | null;
}

const OPTIONS = ['handler', 'timeoutSeconds', 'retry', 'retryTimeouts'];
const RETRY_OPTIONS = Object.keys(WORKER_LIMITS.retry) as (keyof RetryPolicy)[];

/** A mistyped option would silently do nothing. */
function requireKnown(prefix: string, type: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new StartupError(
    `${prefix}${unknown} of type "${type}" is not an option; there are ${known.join(', ')}.`,
  );
}

function requireRetryPolicy(type: string, retry: Partial<RetryPolicy>): void {
  requireKnown('retry.', type, retry, RETRY_OPTIONS);
  for (const name of RETRY_OPTIONS) {
    if (Object.hasOwn(retry, name))
      requireRange(`retry.${name} of type "${type}"`, retry[name], WORKER_LIMITS.retry[name]);
  }
}

function normalize(type: string, entry: Handler | HandlerOptions): HandlerOptions {
  const options = typeof entry === 'function' ? { handler: entry } : entry;
  if (typeof options?.handler !== 'function') {
    throw new StartupError(
      `The handler for type "${type}" must be a function, or an object with a function "handler".`,
    );
  }
  requireKnown('', type, options, OPTIONS);
  requireRetryPolicy(type, options.retry ?? {});
  return options;
}

/** The handlers by names as tasks have them: trimmed. Throws `StartupError` for what can be no task's type. */
export function namedHandlers(handlers: Handlers): Handlers {
  const named = new Map<string, Handlers[string]>();
  for (const [given, entry] of Object.entries(handlers)) {
    const type = given.trim();
    if (!isName(type))
      throw new StartupError(`A handler's type must be ${NAME_RULE}, not ${JSON.stringify(given)}.`);
    if (named.has(type)) throw new StartupError(`There are two handlers for type "${type}".`);
    named.set(type, entry);
  }
  return Object.fromEntries(named);
}

/** The handlers of a worker, checked once and with their defaults filled in. Throws `StartupError`. */
export class HandlerRegistry {
  readonly #handlers = new Map<string, RegisteredHandler>();

  constructor(handlers: Handlers, defaultTimeoutSeconds: number) {
    for (const [type, entry] of Object.entries(handlers)) {
      const options = normalize(type, entry);
      const seconds = options.timeoutSeconds ?? defaultTimeoutSeconds;
      requireRange(`timeoutSeconds of type "${type}"`, seconds, WORKER_LIMITS.timeoutSeconds);
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

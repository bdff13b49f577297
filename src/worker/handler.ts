import type { JsonObject, JsonValue } from '../domain/json.js';
import type { RetryPolicy } from '../domain/retry-policy.js';
import type { Task } from '../domain/task.js';

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

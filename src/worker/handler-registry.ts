import { StartupError } from '../domain/startup-error.js';
import type { Handler, HandlerOptions, Handlers } from './handler.js';

export interface RegisteredHandler extends HandlerOptions {
  /** Milliseconds an attempt may take; null is without end. */
  timeoutMs: number | null;
}

function normalize(type: string, entry: Handler | HandlerOptions): HandlerOptions {
  const options = typeof entry === 'function' ? { handler: entry } : entry;
  if (typeof options?.handler !== 'function') {
    throw new StartupError(
      `The handler for type "${type}" must be a function, or an object with a function "handler".`,
    );
  }
  return options;
}

/** The handlers of a worker, checked once and with their defaults filled in. Throws `StartupError`. */
export class HandlerRegistry {
  readonly #handlers = new Map<string, RegisteredHandler>();

  constructor(handlers: Handlers, defaultTimeoutSeconds: number) {
    for (const [type, entry] of Object.entries(handlers)) {
      const options = normalize(type, entry);
      const seconds = options.timeoutSeconds ?? defaultTimeoutSeconds;
      if (!(seconds >= 0)) throw new StartupError(`timeoutSeconds of type "${type}" must be 0 or more.`);
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

import { findJsonProblem } from '../domain/json-problem.js';
import { LOG_LEVELS, type LogLevel } from '../domain/log-level.js';
import type { LogEntry } from '../repositories/log-repository.js';
import type { HandlerContext } from './handler.js';

/** Milliseconds for which entries are gathered into one write. */
const GATHER_MS = 50;

/** What a handler logs, gathered and stored in order. */
export class TaskLog {
  readonly #store: (entries: LogEntry[]) => Promise<void>;
  #entries: LogEntry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #stored: Promise<void> = Promise.resolve();

  constructor(store: (entries: LogEntry[]) => Promise<void>) {
    this.#store = store;
  }

  get functions(): HandlerContext['log'] {
    const functions = LOG_LEVELS.map((level) => [
      level,
      (message: string, details?: unknown) => this.#add(level, message, details),
    ]);
    return Object.fromEntries(functions);
  }

  /** Stores what has been gathered; resolves when it is. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const entries = this.#entries;
    this.#entries = [];
    // An attempt that is no longer ours has no log to write to; its signal tells the handler.
    if (entries.length > 0)
      this.#stored = this.#stored.then(() => this.#store(entries)).catch(() => undefined);
    return this.#stored;
  }

  #add(level: LogLevel, message: string, details: unknown): void {
    const problem = findJsonProblem(message) ?? (details === undefined ? null : findJsonProblem(details));
    if (problem) throw new TypeError(`log: ${problem.message}`);
    this.#entries.push({
      level,
      message: String(message),
      details: details === undefined ? null : JSON.stringify(details),
    });
    this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS).unref();
  }
}

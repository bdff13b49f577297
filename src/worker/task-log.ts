import { toJsonText } from '../domain/json-text.js';
import { LOG_LEVELS, type LogLevel } from '../domain/log-level.js';
import { TEXT_LIMITS } from '../domain/text-limits.js';
import type { LogEntry } from '../repositories/log-repository.js';
import type { HandlerContext } from './handler.js';
import { storableText } from './storable-text.js';

/** Milliseconds for which entries are gathered into one write. */
const GATHER_MS = 50;

/** JSON text of details. What cannot be stored must not fail the handler: the entry then says why. */
function detailsText(details: unknown): string | null {
  if (details === undefined) return null;
  const json = toJsonText(details, TEXT_LIMITS.logDetails);
  return 'text' in json ? json.text : JSON.stringify({ not_stored: json.problem });
}

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
      (message: unknown, details?: unknown) => this.#add(level, message, details),
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

  #add(level: LogLevel, message: unknown, details: unknown): void {
    this.#entries.push({ level, message: storableText(() => message), details: detailsText(details) });
    this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS).unref();
  }
}

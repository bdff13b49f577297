import type { Progress } from '../core/leases.js';
import { TEXT_LIMITS } from '../core/limits.js';
import { LOG_LEVELS, type LogLevel } from '../core/task-log.js';
import { toJsonText } from '../core/text.js';
import type { LogEntry } from '../repositories/log-repository.js';
import { truncateForStorage } from './error-details.js';
import type { HandlerContext } from './handlers.js';

const isPercent = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 100;

/**
 * Stores a handler's progress, one write at a time; of the reports during a write only the latest is kept, so that a
 * handler may report as often as it likes.
 */
export class ProgressReporter {
  readonly #store: (progress: Progress) => Promise<unknown>;
  #next: Progress | null = null;
  #writing: Promise<void> | null = null;

  constructor(store: (progress: Progress) => Promise<unknown>) {
    this.#store = store;
  }

  report(percent: number, message?: string | null): Promise<void> {
    const reported = this.#report(percent, message ?? null);
    // A handler need not await its progress: a rejection must not end the process.
    reported.catch(() => undefined);
    return reported;
  }

  /** Resolves when no write is pending. */
  async flush(): Promise<void> {
    await this.#writing?.catch(() => undefined);
  }

  #report(percent: number, message: string | null): Promise<void> {
    if (!isPercent(percent))
      return Promise.reject(
        new RangeError(`progress must be 0 to 100, not ${truncateForStorage(() => percent)}`),
      );
    this.#next = { percent, message: message === null ? null : truncateForStorage(() => message) };
    this.#writing ??= this.#writeAll();
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#next) {
        const progress = this.#next;
        this.#next = null;
        await this.#store(progress);
      }
    } finally {
      this.#writing = null;
    }
  }
}

/** Milliseconds for which entries are collected into one write. */
const GATHER_MS = 50;

/** Most entries, and characters, of one write, so that other writes get their turn. A larger entry is written alone. */
const STEP_ENTRIES = 500;
const STEP_CHARACTERS = 1_000_000;

const charactersOf = ({ message, details }: LogEntry): number => message.length + (details?.length ?? 0);

/** The entries in order, in batches for one write each. */
function* inSteps(entries: readonly LogEntry[]): Generator<LogEntry[]> {
  let step: LogEntry[] = [];
  let characters = 0;
  for (const entry of entries) {
    const more = charactersOf(entry);
    if (step.length === STEP_ENTRIES || (step.length > 0 && characters + more > STEP_CHARACTERS)) {
      yield step;
      [step, characters] = [[], 0];
    }
    step.push(entry);
    characters += more;
  }
  if (step.length > 0) yield step;
}

/** JSON text of details. Unstorable ones must not fail the handler: the entry then says why. */
function detailsText(details: unknown): string | null {
  if (details === undefined) return null;
  const json = toJsonText(details, TEXT_LIMITS.logDetails);
  return 'text' in json ? json.text : JSON.stringify({ not_stored: json.problem });
}

/** A handler's log entries, collected and stored in order. */
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

  /** Stores the collected entries; resolves when they are stored. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const entries = this.#entries;
    this.#entries = [];
    // A lost attempt has no log to write to; its signal notifies the handler.
    if (entries.length > 0)
      this.#stored = this.#stored.then(() => this.#storeAll(entries)).catch(() => undefined);
    return this.#stored;
  }

  async #storeAll(entries: readonly LogEntry[]): Promise<void> {
    for (const step of inSteps(entries)) await this.#store(step);
  }

  #add(level: LogLevel, message: unknown, details: unknown): void {
    this.#entries.push({ level, message: truncateForStorage(() => message), details: detailsText(details) });
    this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS).unref();
  }
}

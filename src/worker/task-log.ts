import { toJsonText } from '../domain/json-text.js';
import { LOG_LEVELS, type LogLevel } from '../domain/log-level.js';
import { TEXT_LIMITS } from '../domain/text-limits.js';
import type { LogEntry } from '../repositories/log-repository.js';
import type { HandlerContext } from './handler.js';
import { storableText } from './storable-text.js';

/** Milliseconds for which entries are gathered into one write. */
const GATHER_MS = 50;

/** Most entries, and characters, of one write: other writes have their turn between two. One larger entry goes alone. */
const STEP_ENTRIES = 500;
const STEP_CHARACTERS = 1_000_000;

const charactersOf = ({ message, details }: LogEntry): number => message.length + (details?.length ?? 0);

/** The entries in order, as many at a time as one write takes. */
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
      this.#stored = this.#stored.then(() => this.#storeAll(entries)).catch(() => undefined);
    return this.#stored;
  }

  async #storeAll(entries: readonly LogEntry[]): Promise<void> {
    for (const step of inSteps(entries)) await this.#store(step);
  }

  #add(level: LogLevel, message: unknown, details: unknown): void {
    this.#entries.push({ level, message: storableText(() => message), details: detailsText(details) });
    this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS).unref();
  }
}

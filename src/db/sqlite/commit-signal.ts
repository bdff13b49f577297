import { closeSync, type FSWatcher, openSync, statSync, watch, writeSync } from 'node:fs';
import type { SqliteClient } from './connection.js';
import { IN_MEMORY } from './database-file.js';
import { PRIVATE } from './files.js';

/** The side file that tells other processes of a commit. */
export const signalFile = (databaseFile: string): string => `${databaseFile}-wake`;

/** Makes the side file where it is not there, with the mode of the database. */
export function ensureSignalFile(databaseFile: string): void {
  const mode = statSync(databaseFile, { throwIfNoEntry: false })?.mode ?? PRIVATE;
  closeSync(openSync(signalFile(databaseFile), 'a', mode & 0o666));
}

/**
 * Tells every process that watches the file of a commit, by writing one byte to a side file after it. (Watching the
 * WAL itself is unsafe: its event can come before the commit is visible.)
 */
export class CommitSignal {
  readonly #descriptor: number;

  constructor(databaseFile: string) {
    ensureSignalFile(databaseFile);
    this.#descriptor = openSync(signalFile(databaseFile), 'r+');
  }

  raise(): void {
    try {
      writeSync(this.#descriptor, '.', 0);
    } catch {
      // No room for the byte: others find out by looking now and then.
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Milliseconds between two looks at `PRAGMA data_version`, for file systems that cannot notify. */
const SAFETY_NET_MS = 1_000;

/** Tells this process that some process has committed a change of a task. Watches only while somebody listens. */
export class CommitListener {
  /** Null for a database in memory: nobody else can change it. */
  readonly #database: string | null;
  readonly #dataVersion;
  readonly #listeners = new Map<() => void, (() => void) | undefined>();
  #watcher: FSWatcher | undefined;
  #safetyNet: NodeJS.Timeout | undefined;
  #seenVersion: unknown;
  #announced = false;

  constructor(databaseFile: string, reader: SqliteClient) {
    this.#database = databaseFile === IN_MEMORY ? null : databaseFile;
    this.#dataVersion = reader.prepare('select data_version from pragma_data_version').pluck();
  }

  /**
   * Calls `listener` after commits; several may be told as one. `notice`, which must cost next to nothing, is called ahead
   * of that, before any request is read that came after this process was notified. Returns a function that ends it.
   */
  subscribe(listener: () => void, notice?: () => void): () => void {
    this.#listeners.set(listener, notice);
    if (this.#database) this.#watcher ??= this.#watch(this.#database);
    this.#safetyNet ??= setInterval(() => this.#lookForMissed(), SAFETY_NET_MS).unref();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.close();
    };
  }

  /** Tells the listeners, once per turn of the event loop. */
  announce(): void {
    for (const notice of this.#listeners.values()) notice?.();
    if (this.#announced) return;
    this.#announced = true;
    setImmediate(() => {
      this.#announced = false;
      for (const listener of this.#listeners.keys()) listener();
    });
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    clearInterval(this.#safetyNet);
    this.#safetyNet = undefined;
  }

  /** A watch that breaks, or cannot be had (the folder is gone, the system's watches are used up), leaves the safety net. */
  #watch(database: string): FSWatcher | undefined {
    try {
      ensureSignalFile(database);
      const watcher = watch(signalFile(database), { persistent: false }, () => this.announce());
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      return undefined;
    }
  }

  /** Something new when the file cannot be read: whoever listens looks for himself. */
  #readVersion(): unknown {
    try {
      return this.#dataVersion.get();
    } catch {
      return Symbol('unreadable');
    }
  }

  #lookForMissed(): void {
    const version = this.#readVersion();
    if (version !== this.#seenVersion) this.announce();
    this.#seenVersion = version;
  }
}

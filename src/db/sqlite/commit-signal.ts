import { closeSync, type FSWatcher, openSync, statSync, watch, writeSync } from 'node:fs';
import type { SqliteClient } from './connection.js';
import { IN_MEMORY } from './database-file.js';
import { PRIVATE } from './files.js';

/** The side file that announces commits to other processes. */
export const signalFile = (databaseFile: string): string => `${databaseFile}-wake`;

/** Creates the side file if missing, with the mode of the database. */
export function ensureSignalFile(databaseFile: string): void {
  const mode = statSync(databaseFile, { throwIfNoEntry: false })?.mode ?? PRIVATE;
  closeSync(openSync(signalFile(databaseFile), 'a', mode & 0o666));
}

/**
 * Announces each commit to every process that watches the side file, by writing one byte to it. (Watching the WAL
 * itself is unsafe: its event can come before the commit is visible.)
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
      // No space for the byte: other processes notice at their next check.
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Milliseconds between two checks of `PRAGMA data_version`, for file systems that cannot notify. */
const SAFETY_NET_MS = 1_000;

/** Notifies this process of commits that change tasks, by any process. Watches only while there are listeners. */
export class CommitListener {
  /** Null for a database in memory: no other process can change it. */
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
   * Calls `listener` after commits; several may share one call. `notice`, which must be very cheap, is called first,
   * before any request is read that came after this process was notified. Returns a function that ends it.
   */
  subscribe(listener: () => void, notice?: () => void): () => void {
    this.#listeners.set(listener, notice);
    if (this.#database) this.#watcher ??= this.#watch(this.#database);
    this.#safetyNet ??= setInterval(() => this.#checkForMissed(), SAFETY_NET_MS).unref();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.close();
    };
  }

  /** Calls the listeners, once per turn of the event loop. */
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

  /** If the watch fails (the folder is gone, the system's watches are used up), the safety net remains. */
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

  /** Counts as changed if the file cannot be read: listeners read for themselves. */
  #readVersion(): unknown {
    try {
      return this.#dataVersion.get();
    } catch {
      return Symbol('unreadable');
    }
  }

  #checkForMissed(): void {
    const version = this.#readVersion();
    if (version !== this.#seenVersion) this.announce();
    this.#seenVersion = version;
  }
}

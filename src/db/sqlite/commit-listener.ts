import { type FSWatcher, watch } from 'node:fs';
import { IN_MEMORY } from '../../domain/in-memory.js';
import { ensureSignalFile, signalFile } from './commit-signal.js';
import type { SqliteClient } from './connection.js';

/** Milliseconds between two looks at `PRAGMA data_version`, for file systems that cannot notify. */
const SAFETY_NET_MS = 1_000;

/** Tells this process that some process has committed a change of a task. Watches only while somebody listens. */
export class CommitListener {
  /** Null for a database in memory: nobody else can change it. */
  readonly #database: string | null;
  readonly #dataVersion;
  readonly #beforeNews: () => void;
  readonly #listeners = new Set<() => void>();
  #watcher: FSWatcher | undefined;
  #safetyNet: NodeJS.Timeout | undefined;
  #seenVersion: unknown;
  #announced = false;

  /** `beforeNews` runs before the listeners are told, and when one begins to listen. */
  constructor(databaseFile: string, reader: SqliteClient, beforeNews: () => void) {
    this.#beforeNews = beforeNews;
    this.#database = databaseFile === IN_MEMORY ? null : databaseFile;
    this.#dataVersion = reader.prepare('select data_version from pragma_data_version').pluck();
  }

  /** Calls `listener` after commits; several may be told as one. Returns a function that ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#database) this.#watcher ??= this.#watch(this.#database);
    this.#safetyNet ??= setInterval(() => this.#lookForMissed(), SAFETY_NET_MS).unref();
    // A commit before the watch began is not announced: whoever reads from now on must see it.
    this.#beforeNews();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.close();
    };
  }

  /** Tells the listeners, once per turn of the event loop. */
  announce(): void {
    if (this.#announced) return;
    this.#announced = true;
    setImmediate(() => {
      this.#announced = false;
      this.#beforeNews();
      for (const listener of this.#listeners) listener();
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

import type { SqliteClient } from '../connection.js';
import type { LogState } from '../log-state.js';

/** Pages of the write-ahead log after which they are put into the database, about. */
const PAGES = 1_000;

/** Pages that a transaction writes whatever it is about, and for each task it is about; measured, rounded up. */
const PAGES_PER_COMMIT = 14;
const PAGES_PER_TASK = 0.3;

/** Pages from which on the log is begun anew, although that takes a moment without readers. */
const MANY_PAGES = 4 * PAGES;

/** Milliseconds that writers wait for that moment. */
const PATIENCE_MS = 50;

/** Where SQLite does it by itself, in the midst of a commit: for what the estimate misses, and for other programs. */
const AUTOMATIC_PAGES = 2 * PAGES;

/**
 * Moves what the write-ahead log holds into the database between two commits, once those who wait for the first have their
 * answer. SQLite left to itself does it inside a commit, and one caller in some dozens waits for several fsyncs more.
 */
export class Checkpointer {
  readonly #client: SqliteClient;
  #pages = 0;

  constructor(client: SqliteClient) {
    this.#client = client;
    client.pragma(`wal_autocheckpoint = ${AUTOMATIC_PAGES}`);
  }

  /** To be called after each commit. `weight` is how many tasks it was about, at most. */
  committed(weight: number): void {
    this.#pages += PAGES_PER_COMMIT + weight * PAGES_PER_TASK;
    if (this.#pages < PAGES) return;
    this.#pages = 0;
    try {
      this.#checkpoint();
    } catch {
      // The disk is full or the file is gone: the next commit will say so to whoever asks for it.
    }
  }

  #checkpoint(): void {
    // Passive: waits for nobody. What it cannot do now, the next one does.
    const [{ log, checkpointed }] = this.#client.pragma('wal_checkpoint(PASSIVE)') as [LogState];
    // Where more is left, somebody reads for long, and it is no use to wait for him.
    if (log >= MANY_PAGES && log - checkpointed <= MANY_PAGES / 2) this.#beginAnew();
  }

  /**
   * The log is written from its beginning again only when nobody reads from it, and with many readers that moment may never
   * come by itself. Here writers wait for it; readers do not: who begins to read now needs nothing of the log but its end.
   */
  #beginAnew(): void {
    this.#client.pragma(`busy_timeout = ${PATIENCE_MS}`);
    try {
      this.#client.pragma('wal_checkpoint(RESTART)');
    } finally {
      this.#client.pragma('busy_timeout = 0');
    }
  }
}

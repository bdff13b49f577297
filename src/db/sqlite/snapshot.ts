import type { SqliteClient } from './connection.js';

/** Where reads may share a read transaction. */
export interface ReadSharing {
  /** To be called before a read. */
  share(): void;
  /** Has the next read see everything that is committed. */
  end(): void;
}

/** For a connection that writes too: there each read stands for itself. */
export const NO_SHARING: ReadSharing = Object.freeze({ share: () => undefined, end: () => undefined });

/**
 * Lets all reads of one turn of the event loop share one read transaction: taking and giving back SQLite's read lock
 * costs six times as much as looking up a row. It ends with the turn at the latest, and at once on news of a commit, so
 * that nobody who was told of a write reads what was before it.
 */
export class Snapshot implements ReadSharing {
  readonly #client: SqliteClient;
  readonly #begin;
  readonly #commit;
  #open = false;

  constructor(client: SqliteClient) {
    this.#client = client;
    this.#begin = client.prepare('begin');
    this.#commit = client.prepare('commit');
  }

  readonly share = (): void => {
    if (this.#open) return;
    this.#begin.run();
    this.#open = true;
    setImmediate(this.end);
  };

  readonly end = (): void => {
    if (!this.#open) return;
    this.#open = false;
    // A read that failed badly (the disk did not give a page) has ended it already.
    if (this.#client.inTransaction) this.#commit.run();
  };
}

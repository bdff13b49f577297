import type { SqliteClient } from './connection.js';

/** Where the reads of many callers may share a read transaction. */
export interface ReadSharing {
  /**
   * Resolves when reads show everything that had been committed before the call, by any process. What the caller reads
   * from then on without waiting for anything but this connection is of one moment.
   */
  fresh(): Promise<void>;
  /** Has the next read see everything that is committed. */
  end(): void;
}

/** For a connection that writes too: there each read stands for itself. */
export const NO_SHARING: ReadSharing = Object.freeze({ fresh: async () => undefined, end: () => undefined });

/**
 * Lets the reads of one turn of the event loop share one read transaction: taking and giving back SQLite's read lock costs
 * six times as much as looking up a row.
 *
 * Sharing is safe only among callers who all came before the transaction began, since another process may acknowledge a
 * write at any moment. So nobody reads at once: callers gather while the event loop reads its sockets, and the
 * transaction begins after that, in the loop's `setImmediate` phase, where no request comes in. It ends in that phase too.
 */
export class Snapshot implements ReadSharing {
  readonly #client: SqliteClient;
  readonly #begin;
  readonly #commit;
  #next: Promise<void> | undefined;

  constructor(client: SqliteClient) {
    this.#client = client;
    this.#begin = client.prepare('begin');
    this.#commit = client.prepare('commit');
  }

  fresh(): Promise<void> {
    this.#next ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#next = undefined;
        try {
          this.#begin.run();
          resolve();
        } catch (error) {
          reject(error);
        }
      });
      // Between the two run the callers: what awaits the promise comes before the next `setImmediate`.
      setImmediate(this.end);
    });
    return this.#next;
  }

  readonly end = (): void => {
    // A read that failed badly (the disk did not give a page) has ended it already.
    if (this.#client.open && this.#client.inTransaction) this.#commit.run();
  };
}

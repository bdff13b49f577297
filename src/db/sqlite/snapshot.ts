import type { SqliteClient } from './connection.js';

/** Lets the reads of many callers share a read transaction. */
export interface ReadSharing {
  /**
   * Resolves when reads show everything that was committed before the call, by any process. Reads that follow without
   * waiting for anything but this connection see one moment.
   */
  fresh(): Promise<void>;
  /** Makes the next read see everything that is committed. */
  end(): void;
}

/** For a connection that also writes: there each read has its own transaction. */
export const NO_SHARING: ReadSharing = Object.freeze({ fresh: async () => undefined, end: () => undefined });

/**
 * Lets the reads of one turn of the event loop share one read transaction: taking and releasing SQLite's read lock
 * costs six times as much as looking up a row. Sharing is safe only among callers that all came before the transaction
 * began, since another process may acknowledge a write at any moment. So reads do not start at once: callers gather
 * while the event loop reads its sockets, and the transaction begins after that, in the loop's `setImmediate` phase,
 * where no request comes in. It ends in that phase too.
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
      // The callers run in between: awaiting code resumes before the next `setImmediate`.
      setImmediate(this.end);
    });
    return this.#next;
  }

  readonly end = (): void => {
    // A failed read (the disk did not return a page) may have ended it already.
    if (this.#client.open && this.#client.inTransaction) this.#commit.run();
  };
}

import type { SqliteClient } from '../connection.js';

/**
 * Whether a COMMIT that failed like this may be found in the file after a crash: all of it may be in the write-ahead log, and
 * only its sync, or its entry in the index of the log, failed. Where there was no room, its last frame was not written.
 */
export const mayBeStored = (error: unknown): boolean =>
  String((error as { code?: unknown }).code).startsWith('SQLITE_IOERR');

/**
 * A commit that failed after its frames were written to the write-ahead log. SQLite forgets it but leaves the frames, and who
 * recovers the log after a crash takes them for committed. The next commit is written over them, which makes them invalid:
 * so a commit of our own that is synced undoes it for certain.
 */
export class FailedCommit {
  readonly #overwrite: () => void;
  #isThere = false;

  constructor(client: SqliteClient) {
    const change = client.prepare('update queue_state set revision = revision + 1 where id = 1');
    this.#overwrite = () => client.transaction(() => void change.run()).immediate();
  }

  /** Undoes the commit that has just failed. False when that is not certain: then {@link undo} has yet to do it. */
  tryToUndo(): boolean {
    this.#isThere = true;
    try {
      this.undo();
      return true;
    } catch {
      return false;
    }
  }

  /** Does nothing where nothing is to be undone. Throws what the driver says when it cannot be done now. */
  undo(): void {
    if (!this.#isThere) return;
    this.#overwrite();
    this.#isThere = false;
  }
}

import { closeSync, openSync, writeSync } from 'node:fs';

/** The side file that tells other processes of a commit. */
export const signalFile = (databaseFile: string): string => `${databaseFile}-wake`;

/**
 * Tells every process that watches the file of a commit, by writing one byte to a side file after it. (Watching the
 * WAL itself is unsafe: its event can come before the commit is visible.)
 */
export class CommitSignal {
  readonly #descriptor: number;

  constructor(databaseFile: string) {
    this.#descriptor = openSync(signalFile(databaseFile), 'a');
    closeSync(this.#descriptor);
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

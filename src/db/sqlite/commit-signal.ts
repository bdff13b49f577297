import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { PRIVATE } from './file-mode.js';

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

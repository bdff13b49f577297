import { closeSync, ftruncateSync, futimesSync, openSync, rmSync, statSync } from 'node:fs';
import { IN_MEMORY } from './database-file.js';
import { PRIVATE } from './files.js';

const markFile = (databaseFile: string): string => `${databaseFile}-refused`;

/**
 * Lets every process on a database know that one of them was refused a write. The mark is a side file that is there for as long
 * as nobody has written as much since. It is as long as the refused write and yet empty: it takes no room on a full disk.
 */
export class RefusalMark {
  readonly #file: string | null;
  #seen: string | null;

  constructor(databaseFile: string) {
    this.#file = databaseFile === IN_MEMORY ? null : markFile(databaseFile);
    this.#seen = this.#state();
  }

  /** Size of the write that was refused to some process; null while all are stored. */
  get bytes(): number | null {
    return this.#stat()?.size ?? null;
  }

  /** Whether somebody was refused, or the time of that has ended, since this was last asked. */
  hasChanged(): boolean {
    const state = this.#state();
    const hasChanged = state !== this.#seen;
    this.#seen = state;
    return hasChanged;
  }

  raise(bytes: number): void {
    if (this.#file === null) return;
    try {
      const descriptor = openSync(this.#file, 'a', PRIVATE);
      try {
        if (bytes > (this.bytes ?? 0)) ftruncateSync(descriptor, bytes);
        const now = new Date();
        futimesSync(descriptor, now, now);
      } finally {
        closeSync(descriptor);
      }
    } catch {
      // Not even that: other processes learn of it when they write themselves.
    }
  }

  /** To be called when as much as was refused has been written. */
  clear(): void {
    if (this.#file === null) return;
    try {
      rmSync(this.#file, { force: true });
    } catch {
      // It is looked at again.
    }
  }

  #stat() {
    return this.#file === null ? undefined : statSync(this.#file, { throwIfNoEntry: false });
  }

  #state(): string | null {
    const stat = this.#stat();
    return stat ? `${stat.ino} ${stat.mtimeMs}` : null;
  }
}

import { closeSync, ftruncateSync, futimesSync, openSync, rmSync, statSync } from 'node:fs';
import { IN_MEMORY } from './database-file.js';
import { PRIVATE } from './files.js';

const markFile = (databaseFile: string): string => `${databaseFile}-refused`;

/**
 * Notifies every process on a database of a refused write. The mark is a side file that exists until as much has been
 * written since. It is as long as the refused write and yet sparse: it takes no space on a full disk.
 */
export class RefusalMark {
  readonly #file: string | null;
  #seen: string | null;

  constructor(databaseFile: string) {
    this.#file = databaseFile === IN_MEMORY ? null : markFile(databaseFile);
    this.#seen = this.#state();
  }

  /** Size of a write that was refused in some process; null while all are stored. */
  get bytes(): number | null {
    return this.#stat()?.size ?? null;
  }

  /** Whether a write was refused, or a refusal has ended, since the last call. */
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
      // No space for the mark: other processes notice at their own writes.
    }
  }

  /** To be called once as much as was refused has been written. */
  clear(): void {
    if (this.#file === null) return;
    try {
      rmSync(this.#file, { force: true });
    } catch {
      // Retried at the next check.
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

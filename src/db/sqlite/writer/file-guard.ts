import { statSync } from 'node:fs';
import { SpooliteError } from '../../../domain/spoolite-error.js';

const identityOf = (file: string): string | null => {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.dev}:${stat.ino}` : null;
};

/**
 * Notices that the database file was deleted or replaced while it is open: what is written then goes into a file that
 * nobody can open any more, so it must not be acknowledged.
 */
export class FileGuard {
  readonly #file: string;
  readonly #opened: string | null;

  constructor(file: string) {
    this.#file = file;
    this.#opened = identityOf(file);
  }

  get isInPlace(): boolean {
    return identityOf(this.#file) === this.#opened;
  }

  /** Throws NOT_READY when the file is no longer the one that was opened. */
  check(): void {
    if (this.isInPlace) return;
    throw new SpooliteError(
      'NOT_READY',
      'The database file was deleted or replaced while the program ran; put it back and restart the program',
    );
  }
}

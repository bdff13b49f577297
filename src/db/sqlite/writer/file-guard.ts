import { SpooliteError } from '../../../core/errors.js';
import { fileIdentity } from '../file-identity.js';

const GONE =
  'The database file was deleted or replaced while the program ran; put it back and restart the program';

/**
 * Notices that the database file, or the write-ahead log which holds its newest writes, was deleted or replaced while
 * it is open: what is written then goes where nobody can find it any more, so it must not be acknowledged.
 */
export class FileGuard {
  readonly #file: string;
  readonly #log: string;
  readonly #opened: string | null;
  #openedLog: string | null;

  /** `file` is open, so that what is at its path now is what was opened. */
  constructor(file: string) {
    this.#file = file;
    this.#log = `${file}-wal`;
    this.#opened = fileIdentity(file);
    this.#openedLog = fileIdentity(this.#log);
  }

  /** What is wrong, for people; null while the files are those that were opened. */
  get problem(): string | null {
    const log = fileIdentity(this.#log);
    // The log comes into being with the first write.
    this.#openedLog ??= log;
    return fileIdentity(this.#file) === this.#opened && log === this.#openedLog ? null : GONE;
  }

  /** Throws NOT_READY when the files are no longer those that were opened. */
  check(): void {
    const { problem } = this;
    if (problem) throw new SpooliteError('NOT_READY', problem);
  }
}

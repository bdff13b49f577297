import { closeSync, fsyncSync, openSync, statSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { SpooliteError } from '../../core/errors.js';

/** Readable and writable by this user only. */
export const PRIVATE = 0o600;

const OTHERS = 0o077;

/** Suffixes of the files that make up a database. */
const ENDS = ['', '-wal', '-shm', '-wake'];

/** Whether users other than its owner may read or write a file. Windows has no such modes. */
export const isOpenToOthers = (mode: number): boolean =>
  process.platform !== 'win32' && (mode & OTHERS) !== 0;

/** Creates an empty file that only this user may read, if missing. SQLite gives its side files the same mode. */
export function createPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', PRIVATE));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The files of a database that other users of the machine may read or write. */
export const filesOpenToOthers = (database: string): string[] =>
  ENDS.map((end) => database + end).filter((file) => {
    const stat = statSync(file, { throwIfNoEntry: false });
    return stat !== undefined && isOpenToOthers(stat.mode);
  });

export interface FileUsage {
  databaseBytes: number;
  walBytes: number;
  /** Free space of the file system for this user. */
  diskFreeBytes: number;
}

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );

/** The disk space that a database file uses, and the space left. A missing file uses none. */
export async function fileUsage(file: string): Promise<FileUsage> {
  const [databaseBytes, walBytes, { bavail, bsize }] = await Promise.all([
    sizeOf(file),
    sizeOf(`${file}-wal`),
    statfs(dirname(file)),
  ]);
  return { databaseBytes, walBytes, diskFreeBytes: bavail * bsize };
}

/** Distinguishes the file at a path from one put there later; null if there is none. */
export function fileIdentity(path: string): string | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.dev}:${stat.ino}` : null;
}

/** Whether two names, of files that need not exist, lead to one file. */
export function isSameFile(one: string, other: string): boolean {
  if (resolve(one) === resolve(other)) return true;
  const identity = fileIdentity(one);
  return identity !== null && identity === fileIdentity(other);
}

function sync(path: string, flags: string): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Syncs a file's content to disk. Never for a database that a connection of this process has open: closing any other
 * descriptor of such a file drops SQLite's locks on it.
 */
export const syncFile = (file: string): void => sync(file, 'r+');

/** Syncs the names in the folder of a file to disk. */
export function syncFolderOf(file: string): void {
  // Windows has no equivalent, and does not need it.
  if (process.platform !== 'win32') sync(dirname(file), 'r');
}

const GONE =
  'The database file was deleted or replaced while the program ran; put it back and restart the program';

/**
 * Detects that the database file, or the write-ahead log with its newest writes, was deleted or replaced while it is
 * open: later writes are lost with the open file, so they must not be acknowledged.
 */
export class FileGuard {
  readonly #file: string;
  readonly #log: string;
  readonly #opened: string | null;
  #openedLog: string | null;

  /** `file` must be open already: the files now at its path are taken as the opened ones. */
  constructor(file: string) {
    this.#file = file;
    this.#log = `${file}-wal`;
    this.#opened = fileIdentity(file);
    this.#openedLog = fileIdentity(this.#log);
  }

  /** The problem, for people; null while the files are those that were opened. */
  get problem(): string | null {
    const log = fileIdentity(this.#log);
    // The log is created by the first write.
    this.#openedLog ??= log;
    return fileIdentity(this.#file) === this.#opened && log === this.#openedLog ? null : GONE;
  }

  /** Throws NOT_READY if the files are no longer those that were opened. */
  check(): void {
    const { problem } = this;
    if (problem) throw new SpooliteError('NOT_READY', problem);
  }
}

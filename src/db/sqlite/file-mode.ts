import { closeSync, openSync, statSync } from 'node:fs';

/** What only this user may read and write. */
export const PRIVATE = 0o600;

const OTHERS = 0o077;

/** The ends of the names of the files that make up a database. */
const ENDS = ['', '-wal', '-shm', '-wake'];

/** Whether users other than its owner may read or write a file. Windows has no such modes. */
export const isOpenToOthers = (mode: number): boolean =>
  process.platform !== 'win32' && (mode & OTHERS) !== 0;

/** Makes an empty file that only this user may read, unless it is there. SQLite gives its side files the same mode. */
export function createPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', PRIVATE));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Those files of a database that other users of the machine may read or write. */
export const filesOpenToOthers = (database: string): string[] =>
  ENDS.map((end) => database + end).filter((file) => {
    const stat = statSync(file, { throwIfNoEntry: false });
    return stat !== undefined && isOpenToOthers(stat.mode);
  });

import { closeSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

function sync(path: string, flags: string): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Has what was written to a file on the disk. Never for a database that a connection of this process has open: closing any
 * other descriptor of such a file gives up SQLite's locks on it.
 */
export const syncFile = (file: string): void => sync(file, 'r+');

/** Has on the disk which names there are in the folder of a file. */
export function syncFolderOf(file: string): void {
  // Windows has no such thing, and does not need it.
  if (process.platform !== 'win32') sync(dirname(file), 'r');
}

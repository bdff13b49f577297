import { chmodSync, closeSync, openSync, statSync } from 'node:fs';
import { openForCopying } from '../connection.js';
import { assertOurs } from '../ownership.js';
import { syncFile } from './sync-to-disk.js';

const PERMISSIONS = 0o777;

/**
 * Copies a database as it is at one moment into a file that is not there yet, and has that on the disk. Whoever uses the
 * database goes on; only its write-ahead log cannot be emptied meanwhile. The copy needs no side files. Throws
 * `StartupError` for a file of another program.
 */
export function copySqliteFile(database: string, copy: string): void {
  // Nobody else may read what is in it before it has the permissions of the original.
  closeSync(openSync(copy, 'wx', 0o600));
  const client = openForCopying(database);
  try {
    assertOurs(client);
    client.prepare('vacuum into ?').run(copy);
  } finally {
    client.close();
  }
  chmodSync(copy, statSync(database).mode & PERMISSIONS);
  syncFile(copy);
}

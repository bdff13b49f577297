import { closeSync, openSync } from 'node:fs';
import { openForCopying, type SqliteClient } from '../connection.js';
import { PRIVATE } from '../file-mode.js';
import { assertOurs } from '../ownership.js';
import { orRefuseToRead } from '../startup-refusal.js';
import { syncFile } from './sync-to-disk.js';

/** Opens what is copied, and reads a little of it: what is wrong so far is wrong with it, and not with the copy. */
function openReadable(database: string): SqliteClient {
  const client = openForCopying(database);
  try {
    assertOurs(client);
    return client;
  } catch (error) {
    client.close();
    throw error;
  }
}

/**
 * Copies a database as it is at one moment into a file that is not there yet, and has that on the disk. Whoever uses the
 * database goes on; only its write-ahead log cannot be emptied meanwhile. The copy needs no side files, and only this user may
 * read it. Throws
 * `StartupError` for a file of another program.
 */
export function copySqliteFile(database: string, copy: string): void {
  closeSync(openSync(copy, 'wx', PRIVATE));
  const client = orRefuseToRead(database, () => openReadable(database));
  try {
    client.prepare('vacuum into ?').run(copy);
  } finally {
    client.close();
  }
  syncFile(copy);
}

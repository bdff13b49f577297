import { UserError } from '../../../core/errors.js';
import type { SqliteClient } from '../connection.js';
import { openDatabase } from '../driver.js';
import { fileIdentity } from '../file-identity.js';
import { isBusy } from '../is-busy.js';

/** Milliseconds that somebody may take to end who is about to. */
const PATIENCE_MS = 1_000;

const inUse = (file: string, cause?: unknown): UserError =>
  new UserError(`${file} is in use: stop every server, worker and other program on it first.`, { cause });

/**
 * Puts the write-ahead log into the file and ends it, which SQLite lets only somebody do who is alone with the file. A server
 * or worker that starts later finds the file like that, and switches back.
 */
function endLog(file: string): void {
  const client = openDatabase(file, { timeout: PATIENCE_MS });
  try {
    client.pragma('locking_mode = EXCLUSIVE');
    client.pragma('journal_mode = DELETE');
  } finally {
    client.close();
  }
}

/**
 * Makes sure that nobody else has a database open, nor opens it until the returned connection is closed; all that belongs to
 * it is in the one file then. While it is open, no other descriptor of the file may be closed in this process. Throws
 * {@link UserError} when somebody has it open, and what SQLite says of a file that it cannot read.
 */
export function lockAlone(file: string): SqliteClient {
  const identity = fileIdentity(file);
  let client: SqliteClient | undefined;
  try {
    endLog(file);
    client = openDatabase(file, { timeout: PATIENCE_MS });
    client.exec('begin exclusive');
    // Somebody came between the two, or has put another file in its place.
    if (client.pragma('journal_mode', { simple: true }) !== 'delete' || fileIdentity(file) !== identity)
      throw inUse(file);
    return client;
  } catch (error) {
    client?.close();
    throw isBusy(error) ? inUse(file, error) : error;
  }
}

import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { UserError } from '../../core/errors.js';
import { assertOurs, assertUsablePath, IN_MEMORY } from './database-file.js';
import { isBusy, withUserErrors } from './errors.js';
import { createPrivate } from './files.js';

export type SqliteClient = Database.Database;
export type Durability = 'full' | 'normal';

/** One open connection: drizzle for statements, the underlying driver for transactions and pragmas. */
export interface Connection {
  client: SqliteClient;
  db: BetterSQLite3Database;
}

/** SQLite truncates the write-ahead log to this when it restarts it; below the size that is warned about. */
const JOURNAL_SIZE_LIMIT_BYTES = 32 * 1024 * 1024;
const CACHE_KIBIBYTES = 16 * 1024;

/** Milliseconds that start-up waits for a lock held by another process. */
const STARTUP_BUSY_MS = 10_000;

/** Milliseconds between two attempts to switch the journal. */
const RETRY_MS = 5;

const pause = new Int32Array(new SharedArrayBuffer(4));

/** If processes switch one new file at once, SQLite fails all but one as busy, without waiting. */
function switchToWal(client: SqliteClient): void {
  for (const deadline = Date.now() + STARTUP_BUSY_MS; ; Atomics.wait(pause, 0, 0, RETRY_MS)) {
    try {
      client.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error;
    }
  }
}

function applyPragmas(client: SqliteClient, durability: Durability): void {
  // Lets the space of deleted rows be freed bit by bit. Only an empty file accepts it; others are skipped, since the
  // pragma needs the write lock, and a writer must be able to start while another process holds that.
  if (client.pragma('page_count', { simple: true }) === 0) client.pragma('auto_vacuum = INCREMENTAL');
  switchToWal(client);
  client.pragma(`synchronous = ${durability}`);
  client.pragma('foreign_keys = ON');
  client.pragma(`journal_size_limit = ${JOURNAL_SIZE_LIMIT_BYTES}`);
  client.pragma(`cache_size = -${CACHE_KIBIBYTES}`);
  client.pragma('temp_store = MEMORY');
}

/** Opens the file for writing, creating it if missing. Throws `UserError` if it cannot be used. */
export function openForWriting(file: string, durability: Durability): Connection {
  return withUserErrors(file, () => {
    if (file !== IN_MEMORY) {
      assertUsablePath(file);
      createPrivate(file);
    }
    const client = openDatabase(file, { timeout: STARTUP_BUSY_MS });
    try {
      assertOurs(client);
      applyPragmas(client, durability);
      return { client, db: drizzle(client) };
    } catch (error) {
      client.close();
      throw error;
    }
  });
}

/** Opens a migrated file for queries only: such a connection never waits for a writer and never blocks one. */
export function openForReading(file: string): Connection {
  const client = openDatabase(file, { timeout: STARTUP_BUSY_MS });
  client.pragma('query_only = ON');
  // A read opens the write-ahead log; while it is open, no process removes the file as a leftover.
  client.pragma('schema_version');
  client.pragma(`cache_size = -${CACHE_KIBIBYTES}`);
  return { client, db: drizzle(client) };
}

/**
 * Opens a file to be copied and left as it is: an existing write-ahead log, perhaps of a killed process, is read but
 * not checkpointed when this connection closes. Without one, a read-only connection would leave one behind.
 */
export const openForCopying = (file: string): SqliteClient =>
  openDatabase(file, { timeout: STARTUP_BUSY_MS, readonly: existsSync(`${file}-wal`) });

/** Opens a file to be inspected and left as it is, as above. */
export function openForInspection(file: string): Connection {
  const client = openForCopying(file);
  client.pragma('query_only = ON');
  return { client, db: drizzle(client) };
}

/** How to build the native driver, per package manager. */
const HOW =
  'with npm, run "npm rebuild better-sqlite3"; with pnpm, "pnpm approve-builds", then "pnpm rebuild better-sqlite3"; with Yarn, ' +
  '"yarn rebuild better-sqlite3" once package.json has "dependenciesMeta": {"better-sqlite3": {"built": true}}; with Bun, ' +
  '"bun pm trust better-sqlite3"; with Deno, "deno install --allow-scripts=npm:better-sqlite3".';

/** The message is from `bindings`, which searches for the compiled file; the code from Node.js, which loads it. */
const isNotBuilt = ({ code, message }: NodeJS.ErrnoException): boolean =>
  code === 'ERR_DLOPEN_FAILED' || message.startsWith('Could not locate the bindings file');

function notBuilt(cause: unknown): UserError {
  const { version, versions, platform, arch } = process;
  const sentence = versions.bun
    ? 'Bun cannot load the SQLite driver (better-sqlite3): run Spoolite with Node.js.'
    : `The SQLite driver (better-sqlite3) is not built for this Node.js (${version}, ${platform} ${arch}): ${HOW}`;
  return new UserError(sentence, { cause });
}

/**
 * Opens a database file with the driver. Throws {@link UserError} if the driver is not built, else the driver's errors.
 */
export function openDatabase(file: string, options: Database.Options): Database.Database {
  try {
    return new Database(file, options);
  } catch (error) {
    throw error instanceof Error && isNotBuilt(error) ? notBuilt(error) : error;
  }
}

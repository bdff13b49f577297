import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { IN_MEMORY } from '../../domain/in-memory.js';
import { StartupError } from '../../domain/startup-error.js';

export type SqliteClient = Database.Database;
export type Durability = 'full' | 'normal';

/** One open connection: drizzle for statements, the driver beneath for transactions and pragmas. */
export interface Connection {
  client: SqliteClient;
  db: BetterSQLite3Database;
}

const JOURNAL_SIZE_LIMIT_BYTES = 64 * 1024 * 1024;
const CACHE_KIBIBYTES = 64 * 1024;

/** Milliseconds that start-up waits for another process which holds the file. */
const STARTUP_BUSY_MS = 10_000;

function assertUsablePath(file: string): void {
  const folder = dirname(file);
  if (!existsSync(folder)) {
    throw new StartupError(
      `The folder ${folder} does not exist: create it, or name another file with --database.`,
    );
  }
  if (existsSync(file) && !statSync(file).isFile()) {
    throw new StartupError(`${file} is not a file: name the database file itself with --database.`);
  }
}

function refusal(file: string, error: unknown): unknown {
  const code = (error as { code?: string }).code ?? '';
  if (code === 'SQLITE_NOTADB') {
    return new StartupError(`${file} is not a SQLite database. It was left untouched: name another file.`);
  }
  if (code.startsWith('SQLITE_CORRUPT')) {
    return new StartupError(
      `${file} is damaged. It was left untouched: restore a backup, or name another file.`,
    );
  }
  if (code === 'SQLITE_CANTOPEN' || code.startsWith('SQLITE_READONLY')) {
    return new StartupError(
      `${file} cannot be written: give this user write permission on it and on its folder.`,
    );
  }
  if (code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR')) {
    return new StartupError(`There is no room for ${file} on its disk: make room, then start again.`);
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return new StartupError(`${file} stayed locked by another program. End that program, then start again.`);
  }
  return error;
}

function applyPragmas(client: SqliteClient, durability: Durability): void {
  // What lets deleted rows' space be given back bit by bit. Only an empty file takes it; any other is not asked, since
  // asking needs the write lock, and a writer must be able to start while another process holds that.
  if (client.pragma('page_count', { simple: true }) === 0) client.pragma('auto_vacuum = INCREMENTAL');
  client.pragma('journal_mode = WAL');
  client.pragma(`synchronous = ${durability}`);
  client.pragma('foreign_keys = ON');
  client.pragma(`journal_size_limit = ${JOURNAL_SIZE_LIMIT_BYTES}`);
  client.pragma(`cache_size = -${CACHE_KIBIBYTES}`);
  client.pragma('temp_store = MEMORY');
}

/** Opens the file for writing, creating it where it is new. Throws {@link StartupError} when it cannot be used. */
export function openForWriting(file: string, durability: Durability): Connection {
  if (file !== IN_MEMORY) assertUsablePath(file);
  let client: SqliteClient | undefined;
  try {
    client = new Database(file, { timeout: STARTUP_BUSY_MS });
    applyPragmas(client, durability);
    return { client, db: drizzle(client) };
  } catch (error) {
    client?.close();
    throw refusal(file, error);
  }
}

/** Opens a migrated file for queries only: such a connection never waits for a writer and never blocks one. */
export function openForReading(file: string): Connection {
  const client = new Database(file, { timeout: STARTUP_BUSY_MS });
  client.pragma('query_only = ON');
  // A read opens the write-ahead log; while it is open nobody takes the file away as left over.
  client.pragma('schema_version');
  client.pragma(`cache_size = -${CACHE_KIBIBYTES}`);
  return { client, db: drizzle(client) };
}

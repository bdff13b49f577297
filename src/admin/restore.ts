import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Actor } from '../core/access.js';
import { UserError } from '../core/errors.js';
import { type Connection, openForWriting, type SqliteClient } from '../db/sqlite/connection.js';
import { assertOurs, assertUsablePath, databasePath } from '../db/sqlite/database-file.js';
import { isCorruptionError, toUserError, withUserErrors } from '../db/sqlite/errors.js';
import { isSameFile, syncFile } from '../db/sqlite/files.js';
import { migrate } from '../db/sqlite/migrate.js';
import { auditEntries } from '../db/sqlite/schema.js';
import { assertSound, copyDatabase } from './backup.js';
import { type HighWaterMarks, nextMarks, readMarks, setMarks } from './high-water-marks.js';
import { assertRoomFor, partOf, placeFile, removeLeftOverParts, removePart } from './new-file.js';
import { lockExclusively, quarantineWal, removeStaleLinks, replaceFile } from './replace-file.js';

export interface RestoreOptions {
  /** A backup, or any other copy of a database. */
  backup: string;
  /** The database file to replace. */
  database: string;
  /** The actor in the audit log. */
  actor: Actor;
}

export interface Restored {
  tasks: number;
  /** The new path of the replaced database; null without one. */
  kept: string | null;
  /** Whether the replaced queue's marks were readable; if not, ids and revisions have leapt ahead. */
  isContinued: boolean;
  /** New tasks get ids above this one. */
  lastTaskId: number;
}

function assertBackup(backup: string, database: string): void {
  if (!existsSync(backup) || !statSync(backup).isFile())
    throw new UserError(`There is no backup at ${backup}.`);
  if (isSameFile(backup, database)) throw new UserError(`${backup} is the database itself.`);
}

/** Locks the database, with an error for people; damage is passed to the caller. */
function lockForRestore(database: string): SqliteClient {
  try {
    return lockExclusively(database);
  } catch (error) {
    throw isCorruptionError(error) ? error : toUserError(database, error);
  }
}

/** The database to be replaced, locked; null if there is none that can be read. */
function lockReplaced(database: string): SqliteClient | null {
  if (!existsSync(database)) return null;
  try {
    const client = lockForRestore(database);
    try {
      assertOurs(client);
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  } catch (error) {
    // A damaged database is the very reason for a restore.
    if (isCorruptionError(error)) return null;
    throw error;
  }
}

interface Continued {
  marks: HighWaterMarks;
  /** Whether the replaced queue's marks were readable. */
  isContinued: boolean;
}

/**
 * The marks from which the restored queue must continue, as far as readable. A queue behind its own backup is a
 * different one, recreated perhaps: its marks are no evidence of the lost one's.
 */
function marksFor(restored: SqliteClient, replaced: SqliteClient | null): Continued {
  const backup = readMarks(restored) as HighWaterMarks;
  const marks = replaced && readMarks(replaced);
  const isContinued = marks !== null && marks.revision >= backup.revision;
  return { marks: nextMarks(backup, isContinued ? marks : null), isContinued };
}

/** Upgrades a sound copy to this version, and continues it from the replaced queue's marks. Leaves no side files. */
function continueFrom(
  part: string,
  replaced: SqliteClient | null,
  { actor, backup }: RestoreOptions,
  at: number,
): Continued {
  const connection = openForWriting(part, 'full');
  const { client } = connection;
  try {
    migrate(client);
    const continued = marksFor(client, replaced);
    setMarks(client, continued.marks);
    if (replaced) preserveKeysAndAudit(replaced, client);
    auditRestore(connection, actor, backup, at);
    client.pragma('journal_mode = DELETE');
    return continued;
  } finally {
    client.close();
  }
}

function putInPlace(part: string, database: string, at: number): string | null {
  if (existsSync(database)) return replaceFile(part, database, at);
  quarantineWal(database, at);
  assertRoomFor(database);
  syncFile(part);
  placeFile(part, database);
  return null;
}

/** Checks the preconditions before anything is changed. */
function prepareRestore({ backup, database }: RestoreOptions): void {
  withUserErrors(database, () => assertUsablePath(database));
  assertBackup(backup, database);
  removeLeftOverParts(database);
  lockReplaced(database)?.close();
  removeStaleLinks(database);
}

/**
 * Replaces a database that is not in use with a copy of a sound backup. The old file stays beside it. `at` is the time
 * for its name, in milliseconds since 1970 UTC (now). Throws {@link UserError}, leaving everything as it was.
 */
export function restoreSqliteFile(given: RestoreOptions, at = Date.now()): Restored {
  const backup = databasePath(given.backup);
  const database = databasePath(given.database);
  const options = { ...given, backup, database };
  prepareRestore(options);
  const part = partOf(database);
  let replaced: SqliteClient | null = null;
  try {
    copyDatabase(backup, part, database);
    const tasks = assertSound(part, backup);
    replaced = lockReplaced(database);
    const { marks, isContinued } = continueFrom(part, replaced, options, at);
    // Windows cannot replace an open file.
    if (process.platform === 'win32') replaced?.close();
    const kept = withUserErrors(database, () => putInPlace(part, database, at));
    return { tasks, kept, isContinued, lastTaskId: marks.taskId };
  } finally {
    replaced?.close();
    removePart(part);
  }
}

const columnsOf = (client: SqliteClient, table: string): string[] =>
  client.prepare('select name from pragma_table_info(?)').pluck().all(table) as string[];

/** Copies rows of a table to another database; only columns that both have. */
function copyRows(from: SqliteClient, to: SqliteClient, table: string, where: string): void {
  const known = columnsOf(to, table);
  const columns = columnsOf(from, table).filter((column) => known.includes(column));
  if (columns.length === 0) return;
  const names = columns.join(', ');
  const insert = to.prepare(`insert into ${table} (${names}) values (${columns.map(() => '?').join(', ')})`);
  for (const row of from.prepare(`select ${names} from ${table} where ${where}`).raw().iterate())
    insert.run(row as unknown[]);
}

/** A file that never had a key may have been recreated: it does not override the backup's keys. */
const hasKeys = (client: SqliteClient): boolean =>
  columnsOf(client, 'api_keys').length > 0 &&
  client.prepare('select exists (select 1 from api_keys)').pluck().get() === 1;

function preserveKeys(replaced: SqliteClient, restored: SqliteClient): void {
  if (!hasKeys(replaced)) return;
  restored.exec('delete from api_keys');
  copyRows(replaced, restored, 'api_keys', 'true');
}

function preserveAuditLog(replaced: SqliteClient, restored: SqliteClient): void {
  const last = restored.prepare('select coalesce(max(id), 0) from audit_entries').pluck().get();
  copyRows(replaced, restored, 'audit_entries', `id > ${Number(last)}`);
}

/**
 * Runs in one transaction, which is skipped if the replaced file is damaged there: such a file is the very reason for a
 * restore.
 */
function ifReadable(restored: SqliteClient, carry: () => void): void {
  try {
    restored.transaction(carry)();
  } catch (error) {
    if (!isCorruptionError(error)) throw error;
  }
}

/** Carries over what must not be reset: revoked keys stay revoked, and the audit log stays complete. */
export function preserveKeysAndAudit(replaced: SqliteClient, restored: SqliteClient): void {
  restored.transaction(() => {
    ifReadable(restored, () => preserveKeys(replaced, restored));
    ifReadable(restored, () => preserveAuditLog(replaced, restored));
  })();
}

/** Records the restore in the audit log. */
export function auditRestore({ db }: Connection, actor: Actor, backup: string, at: number): void {
  const { name: actorName, address, requestId } = actor;
  const details = JSON.stringify({ backup: basename(backup) });
  db.insert(auditEntries)
    .values({ at, actor: actorName, address, requestId, action: 'restore', outcome: 'done', details })
    .run();
}

import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Actor } from '../core/access.js';
import { UserError } from '../core/errors.js';
import { type Connection, openForWriting, type SqliteClient } from '../db/sqlite/connection.js';
import { assertOurs, assertUsablePath, databasePath } from '../db/sqlite/database-file.js';
import { saysDamaged, toUserError, withUserErrors } from '../db/sqlite/errors.js';
import { isSameFile, syncFile } from '../db/sqlite/files.js';
import { migrate } from '../db/sqlite/migrate.js';
import { auditEntries } from '../db/sqlite/schema.js';
import { assertSound, copyDatabase } from './backup.js';
import { type HighWaterMarks, nextMarks, readMarks, setMarks } from './high-water-marks.js';
import { assertRoomFor, partOf, placeFile, removeLeftOverParts, removePart } from './new-file.js';
import { lockExclusively, quarantineWal, removeStaleLinks, replaceFile } from './replace-file.js';

export interface RestoreOptions {
  /** The file that a backup has made, or any other copy of a database. */
  backup: string;
  /** The database file that it is to replace. */
  database: string;
  /** Whom the audit log names. */
  actor: Actor;
}

/** What came of a restore. */
export interface Restored {
  tasks: number;
  /** Where the database is now that was replaced; null where there was none. */
  kept: string | null;
  /** Whether it could be read how far the replaced queue had come; else ids and revisions have leapt ahead. */
  isContinued: boolean;
  /** New tasks get higher ids than this. */
  lastTaskId: number;
}

function assertBackup(backup: string, database: string): void {
  if (!existsSync(backup) || !statSync(backup).isFile())
    throw new UserError(`There is no backup at ${backup}.`);
  if (isSameFile(backup, database)) throw new UserError(`${backup} is the database itself.`);
}

/** Locks it, saying in a sentence why it cannot be done; damage is for the caller to judge. */
function lockForRestore(database: string): SqliteClient {
  try {
    return lockExclusively(database);
  } catch (error) {
    throw saysDamaged(error) ? error : toUserError(database, error);
  }
}

/** The database that is to be replaced, with nobody else on it; null where there is none that could be read. */
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
    // Such a database is what backups are for.
    if (saysDamaged(error)) return null;
    throw error;
  }
}

interface Continued {
  marks: HighWaterMarks;
  /** Whether the replaced queue could say how far it had come. */
  isContinued: boolean;
}

/**
 * What the replaced queue has that the restored one must go on from; as much of it as can be read. One that is behind its own
 * backup is another queue, made anew perhaps: it says nothing of how far the lost one had come.
 */
function marksFor(restored: SqliteClient, replaced: SqliteClient | null): Continued {
  const backup = readMarks(restored) as HighWaterMarks;
  const marks = replaced && readMarks(replaced);
  const isContinued = marks !== null && marks.revision >= backup.revision;
  return { marks: nextMarks(backup, isContinued ? marks : null), isContinued };
}

/** Makes a queue of this version of a sound copy, which goes on from where the replaced one was. Needs no side files then. */
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

/** Looks at what has to hold before anything is done. */
function prepareRestore({ backup, database }: RestoreOptions): void {
  withUserErrors(database, () => assertUsablePath(database));
  assertBackup(backup, database);
  removeLeftOverParts(database);
  lockReplaced(database)?.close();
  removeStaleLinks(database);
}

/**
 * Puts a copy of a sound backup in the place of a database that nobody has open. What was there stays beside it. `at` is the
 * time of its name, in milliseconds since 1970 UTC (now). Throws {@link UserError}; then everything is as it was.
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
    // There a file that is open cannot be replaced.
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

/** Adds the rows of a table from one database to another; columns that only one of them has are left out. */
function copyRows(from: SqliteClient, to: SqliteClient, table: string, where: string): void {
  const known = columnsOf(to, table);
  const columns = columnsOf(from, table).filter((column) => known.includes(column));
  if (columns.length === 0) return;
  const names = columns.join(', ');
  const insert = to.prepare(`insert into ${table} (${names}) values (${columns.map(() => '?').join(', ')})`);
  for (const row of from.prepare(`select ${names} from ${table} where ${where}`).raw().iterate())
    insert.run(row as unknown[]);
}

/** A file that never had a key says nothing of those of the backup: it may have been made anew. */
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

/** Does it as a whole or, where the replaced file is damaged just there, not at all: such a file is what backups are for. */
function ifReadable(restored: SqliteClient, carry: () => void): void {
  try {
    restored.transaction(carry)();
  } catch (error) {
    if (!saysDamaged(error)) throw error;
  }
}

/**
 * Takes over what must not go back in time with the tasks: a key that was revoked stays revoked, and what was done stays in
 * the audit log.
 */
export function preserveKeysAndAudit(replaced: SqliteClient, restored: SqliteClient): void {
  restored.transaction(() => {
    ifReadable(restored, () => preserveKeys(replaced, restored));
    ifReadable(restored, () => preserveAuditLog(replaced, restored));
  })();
}

/** Tells the audit log of a queue that it was restored. */
export function auditRestore({ db }: Connection, actor: Actor, backup: string, at: number): void {
  const { name: actorName, address, requestId } = actor;
  const details = JSON.stringify({ backup: basename(backup) });
  db.insert(auditEntries)
    .values({ at, actor: actorName, address, requestId, action: 'restore', outcome: 'done', details })
    .run();
}

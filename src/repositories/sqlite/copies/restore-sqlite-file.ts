import { existsSync, statSync } from 'node:fs';
import { UserError } from '../../../core/errors.js';
import { openForWriting, type SqliteClient } from '../../../db/sqlite/connection.js';
import { lockAlone } from '../../../db/sqlite/copies/exclusive-lock.js';
import { partOf, removeLeftOverParts, removePart } from '../../../db/sqlite/copies/part-file.js';
import { assertRoomFor, placeFile } from '../../../db/sqlite/copies/place-file.js';
import { putLogAside, removeSecondNames, replaceFile } from '../../../db/sqlite/copies/put-aside.js';
import { isSameFile } from '../../../db/sqlite/copies/same-file.js';
import { syncFile } from '../../../db/sqlite/copies/sync-to-disk.js';
import { databasePath } from '../../../db/sqlite/database-path.js';
import { migrate } from '../../../db/sqlite/migrate.js';
import { assertOurs } from '../../../db/sqlite/ownership.js';
import { orRefuse, refusalOf } from '../../../db/sqlite/startup-refusal.js';
import { assertUsablePath } from '../../../db/sqlite/usable-path.js';
import type { Restored, RestoreOptions } from '../../copies.js';
import { saysDamaged } from '../find-damage.js';
import { assertSound } from './assert-sound.js';
import { carryOver } from './carry-over.js';
import { copyOrRefuse } from './copy-or-refuse.js';
import { marksAfter, type QueueMarks, readMarks, setMarks } from './queue-marks.js';
import { tellRestore } from './tell-restore.js';

function assertBackup(backup: string, database: string): void {
  if (!existsSync(backup) || !statSync(backup).isFile())
    throw new UserError(`There is no backup at ${backup}.`);
  if (isSameFile(backup, database)) throw new UserError(`${backup} is the database itself.`);
}

/** Locks it, saying in a sentence why it cannot be done; damage is for the caller to judge. */
function lockOrRefuse(database: string): SqliteClient {
  try {
    return lockAlone(database);
  } catch (error) {
    throw saysDamaged(error) ? error : refusalOf(database, error);
  }
}

/** The database that is to be replaced, with nobody else on it; null where there is none that could be read. */
function lockReplaced(database: string): SqliteClient | null {
  if (!existsSync(database)) return null;
  try {
    const client = lockOrRefuse(database);
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
  marks: QueueMarks;
  /** Whether the replaced queue could say how far it had come. */
  isContinued: boolean;
}

/**
 * What the replaced queue has that the restored one must go on from; as much of it as can be read. One that is behind its own
 * backup is another queue, made anew perhaps: it says nothing of how far the lost one had come.
 */
function marksFor(restored: SqliteClient, replaced: SqliteClient | null): Continued {
  const backup = readMarks(restored) as QueueMarks;
  const marks = replaced && readMarks(replaced);
  const isContinued = marks !== null && marks.revision >= backup.revision;
  return { marks: marksAfter(backup, isContinued ? marks : null), isContinued };
}

/** Makes a queue of this version of a sound copy, which goes on from where the replaced one was. Needs no side files then. */
function continueFrom(
  part: string,
  replaced: SqliteClient | null,
  { by, backup }: RestoreOptions,
  at: number,
): Continued {
  const connection = openForWriting(part, 'full');
  const { client } = connection;
  try {
    migrate(client);
    const continued = marksFor(client, replaced);
    setMarks(client, continued.marks);
    if (replaced) carryOver(replaced, client);
    tellRestore(connection, by, backup, at);
    client.pragma('journal_mode = DELETE');
    return continued;
  } finally {
    client.close();
  }
}

function putInPlace(part: string, database: string, at: number): string | null {
  if (existsSync(database)) return replaceFile(part, database, at);
  putLogAside(database, at);
  assertRoomFor(database);
  syncFile(part);
  placeFile(part, database);
  return null;
}

/** Looks at what has to hold before anything is done. */
function prepare({ backup, database }: RestoreOptions): void {
  orRefuse(database, () => assertUsablePath(database));
  assertBackup(backup, database);
  removeLeftOverParts(database);
  lockReplaced(database)?.close();
  removeSecondNames(database);
}

/**
 * Puts a copy of a sound backup in the place of a database that nobody has open. What was there stays beside it. `at` is the
 * time of its name, in milliseconds since 1970 UTC (now). Throws {@link UserError}; then everything is as it was.
 */
export function restoreSqliteFile(given: RestoreOptions, at = Date.now()): Restored {
  const backup = databasePath(given.backup);
  const database = databasePath(given.database);
  const options = { ...given, backup, database };
  prepare(options);
  const part = partOf(database);
  let replaced: SqliteClient | null = null;
  try {
    copyOrRefuse(backup, part, database);
    const tasks = assertSound(part, backup);
    replaced = lockReplaced(database);
    const { marks, isContinued } = continueFrom(part, replaced, options, at);
    // There a file that is open cannot be replaced.
    if (process.platform === 'win32') replaced?.close();
    const kept = orRefuse(database, () => putInPlace(part, database, at));
    return { tasks, kept, isContinued, lastTaskId: marks.taskId };
  } finally {
    replaced?.close();
    removePart(part);
  }
}

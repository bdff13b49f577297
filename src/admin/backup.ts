import { closeSync, openSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../core/errors.js';
import {
  type Connection,
  openForCopying,
  openForReading,
  type SqliteClient,
} from '../db/sqlite/connection.js';
import { assertOurs, assertThere, databasePath } from '../db/sqlite/database-file.js';
import {
  isCorruptionError,
  toUserError,
  withUserErrors,
  withUserErrorsOfReading,
} from '../db/sqlite/errors.js';
import { isSameFile, PRIVATE, syncFile } from '../db/sqlite/files.js';
import { migrationsOf } from '../db/sqlite/migrate.js';
import type { Backup } from '../repositories/storage.js';
import { someOf } from './content-checks.js';
import { findDamage, findOrphans, recount } from './integrity.js';
import { assertRoomFor, partOf, placeFile, removeLeftOverParts, removePart } from './new-file.js';
import { TimestampedNames } from './timestamped-names.js';

export interface BackupOptions {
  /** The database file. */
  database: string;
  /** The file of the copy. */
  file: string;
  /** Overwrite an existing file. */
  force?: boolean | undefined;
  /** Add the time to the copy's name, and delete all but this many of the newest; at least 1. */
  rotate?: number | undefined;
}

/**
 * Copies a consistent snapshot of a database, in use or not. The copy gets its name once it is complete, checked and on
 * disk. `at` is the time for its name, in milliseconds since 1970 UTC (now). Throws `UserError`, leaving nothing
 * behind.
 */
export function backUpSqliteFile(options: BackupOptions, at = Date.now()): Backup {
  const { file, force, rotate } = options;
  const making = { database: databasePath(options.database), base: file, verify: assertSound };
  return rotate === undefined
    ? makeBackup(making, resolve(file), force)
    : makeTimestampedBackup(making, TimestampedNames.beside(file), rotate, at);
}

interface Making {
  database: string;
  /** Base of the temporary name, by which the next backup finds the remains of a killed one. */
  base: string;
  /** Checks the copy, `name` for people, and counts its tasks. Throws {@link UserError}. */
  verify(copy: string, name: string): number;
}

function assertBackupTarget(database: string, file: string): void {
  assertThere(database);
  if (file.trim() === '') throw new UserError('The name of the backup file is missing.');
  if (isSameFile(database, file))
    throw new UserError(`${file} is the database itself: choose another file for the backup.`);
}

/**
 * Makes a copy that gets its name once it is complete, checked and on disk. Throws {@link UserError}, leaving nothing
 * behind.
 */
export function makeBackup({ database, base, verify }: Making, target: string, force = false): Backup {
  assertBackupTarget(database, base);
  return withUserErrors(target, () => {
    assertRoomFor(target, force);
    removeLeftOverParts(base);
    const part = partOf(base);
    try {
      copyDatabase(database, part, target);
      const tasks = verify(part, database);
      const { size: bytes } = statSync(part);
      placeFile(part, target, force);
      return { file: target, bytes, tasks, removed: [] };
    } finally {
      removePart(part);
    }
  });
}

/** The same with a timestamped name; the newest `keep` are kept. */
export function makeTimestampedBackup(
  making: Making,
  names: TimestampedNames,
  keep: number,
  at: number,
): Backup {
  const made = makeBackup(making, names.at(at));
  return { ...made, removed: names.keep(keep, made.file) };
}

const isAboutReading = (error: unknown): boolean =>
  isCorruptionError(error) ||
  /^SQLITE_(BUSY|IOERR_(READ|SHORT_READ|LOCK))/.test(String((error as { code?: unknown }).code));

/**
 * Copies a database into `part`, a temporary file for `target`. Throws `UserError`, naming the faulty file: the
 * database or its copy.
 */
export function copyDatabase(database: string, part: string, target: string): void {
  try {
    copySqliteFile(database, part);
  } catch (error) {
    throw toUserError(isAboutReading(error) ? database : target, error);
  }
}

/** Opens the source and reads a little: errors up to here concern the source, not the copy. */
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
 * Copies a consistent snapshot of a database into a new file, and syncs it to disk. The database stays usable; only its
 * write-ahead log cannot be emptied meanwhile. The copy needs no side files, and only this user can read it. Throws
 * `UserError` for a file of another program.
 */
export function copySqliteFile(database: string, copy: string): void {
  closeSync(openSync(copy, 'wx', PRIVATE));
  const client = withUserErrorsOfReading(database, () => openReadable(database));
  try {
    client.prepare('vacuum into ?').run(copy);
  } finally {
    client.close();
  }
  syncFile(copy);
}

const countTasks = ({ client }: Connection): number =>
  Number(client.prepare('select count(*) from tasks').pluck().get());

/** The number of applied migrations. Throws {@link UserError} for a newer file; `name` is for people. */
function appliedTo({ client }: Connection, name: string): number {
  try {
    return migrationsOf(client).applied;
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(cause.message.replace(client.name, name), { cause });
  }
}

/**
 * Throws the problems that `look` finds in a queue of this version or an older one; returns the number of its tasks.
 */
function verify(file: string, name: string, look: (connection: Connection) => string[]): number {
  const connection = openForReading(file);
  try {
    assertOurs(connection.client);
    if (appliedTo(connection, name) === 0) throw new UserError(`There is no queue in ${name}.`);
    const wrong = look(connection);
    if (wrong.length === 0) return countTasks(connection);
    throw new UserError(`${name} is not intact: ${someOf(wrong)}. "spoolite doctor" says what to do.`);
  } catch (error) {
    if (isCorruptionError(error)) throw new UserError(`${name} is damaged.`, { cause: error });
    throw error;
  } finally {
    connection.client.close();
  }
}

const miscounts = (connection: Connection): string[] =>
  recount(connection).map(({ counter }) => `the count of ${counter} is wrong`);

/**
 * Throws {@link UserError} unless a file is a complete queue whose counters agree with its tasks. `name` is for people.
 * Returns the number of its tasks.
 */
export const assertSound = (file: string, name: string): number =>
  verify(file, name, (connection) => {
    const damage = [...findDamage(connection), ...findOrphans(connection)];
    return damage.length > 0 ? damage : miscounts(connection);
  });

/** The same without the counters. */
export const assertUndamaged = (file: string, name: string): number => verify(file, name, findDamage);

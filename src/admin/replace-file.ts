import { chmodSync, chownSync, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { UserError } from '../core/errors.js';
import { openDatabase, type SqliteClient } from '../db/sqlite/connection.js';
import { isBusy } from '../db/sqlite/errors.js';
import { fileIdentity, syncFile, syncFolderOf } from '../db/sqlite/files.js';
import { TimestampedNames } from './timestamped-names.js';

const PERMISSIONS = 0o777;

/** The backup names of a replaced database. */
const replacedNames = (database: string): TimestampedNames =>
  new TimestampedNames(`${database}.before-restore-`, '.bak');

/** Copies a file's owner and permissions. Throws {@link UserError} if this user may not. */
function copyOwnership(file: string, model: string): void {
  const { mode, uid, gid } = statSync(model);
  const own = statSync(file);
  try {
    if (own.uid !== uid || own.gid !== gid) chownSync(file, uid, gid);
  } catch (cause) {
    throw new UserError(`${model} belongs to another user: run this as that user, or as root.`, { cause });
  }
  chmodSync(file, mode & PERMISSIONS);
}

function hardLink(file: string, name: string): void {
  try {
    linkSync(file, name);
  } catch (cause) {
    throw new UserError(`${file} cannot be kept beside the new file: move it away, then try again.`, {
      cause,
    });
  }
}

/**
 * Atomically replaces a database file; the old one stays under the returned name. After an interruption at any point,
 * one of the two is in place, and complete. Neither may be in use, and the new one must have no side files.
 */
export function replaceFile(part: string, database: string, at: number): string {
  const kept = replacedNames(database).at(at);
  copyOwnership(part, database);
  syncFile(part);
  hardLink(database, kept);
  // A log remains only if SQLite could not merge it into the database: then it is kept too.
  const log = `${database}-wal`;
  if (existsSync(log)) renameSync(log, `${kept}-wal`);
  for (const end of ['-shm', '-journal']) rmSync(database + end, { force: true });
  syncFolderOf(database);
  renameSync(part, database);
  syncFolderOf(database);
  return kept;
}

/** Moves away the write-ahead log of a missing database, so that it is not applied to a new one. */
export function quarantineWal(database: string, at: number): void {
  const log = `${database}-wal`;
  if (existsSync(log)) renameSync(log, `${replacedNames(database).at(at)}-wal`);
  rmSync(`${database}-journal`, { force: true });
}

/** Removes the hard link to the database that a killed restore may have left: it must not be opened by two names. */
export function removeStaleLinks(database: string): void {
  const stat = statSync(database, { throwIfNoEntry: false });
  if (!stat || stat.nlink === 1) return;
  const identity = fileIdentity(database);
  for (const { path } of replacedNames(database).list()) {
    if (fileIdentity(path) === identity) rmSync(path);
  }
}

/** Milliseconds to wait for a process that is about to end. */
const LOCK_TIMEOUT_MS = 1_000;

const inUse = (file: string, cause?: unknown): UserError =>
  new UserError(`${file} is in use: stop every server, worker and other program on it first.`, { cause });

/**
 * Merges the write-ahead log into the file and leaves WAL mode, which SQLite permits only to the sole connection. The
 * next server or worker switches back.
 */
function endWal(file: string): void {
  const client = openDatabase(file, { timeout: LOCK_TIMEOUT_MS });
  try {
    client.pragma('locking_mode = EXCLUSIVE');
    client.pragma('journal_mode = DELETE');
  } finally {
    client.close();
  }
}

/**
 * Locks a database against all other connections until the returned one is closed; all of its data is then in the one
 * file. While it is open, this process must not close another descriptor of the file. Throws {@link UserError} if it is
 * in use, and SQLite's error for an unreadable file.
 */
export function lockExclusively(file: string): SqliteClient {
  const identity = fileIdentity(file);
  let client: SqliteClient | undefined;
  try {
    endWal(file);
    client = openDatabase(file, { timeout: LOCK_TIMEOUT_MS });
    client.exec('begin exclusive');
    // Another process opened or replaced the file in between.
    if (client.pragma('journal_mode', { simple: true }) !== 'delete' || fileIdentity(file) !== identity)
      throw inUse(file);
    return client;
  } catch (error) {
    client?.close();
    throw isBusy(error) ? inUse(file, error) : error;
  }
}

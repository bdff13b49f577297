import { chmodSync, chownSync, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { UserError } from '../core/errors.js';
import { openDatabase, type SqliteClient } from '../db/sqlite/connection.js';
import { isBusy } from '../db/sqlite/errors.js';
import { fileIdentity, syncFile, syncFolderOf } from '../db/sqlite/files.js';
import { TimestampedNames } from './timestamped-names.js';

const PERMISSIONS = 0o777;

/** What a database that was replaced is called. */
const replacedNames = (database: string): TimestampedNames =>
  new TimestampedNames(`${database}.before-restore-`, '.bak');

/** Gives a file the owner and the permissions of another. Throws {@link UserError} when this user may not. */
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
 * Puts a finished database in the place of another, which stays beside it under the name that is returned. Whenever this is
 * interrupted, one of the two is in place, and whole. Nobody may have it open, and the new one must need no side files.
 */
export function replaceFile(part: string, database: string, at: number): string {
  const kept = replacedNames(database).at(at);
  copyOwnership(part, database);
  syncFile(part);
  hardLink(database, kept);
  // There is one only where SQLite could not put it into the database: then it is kept as well.
  const log = `${database}-wal`;
  if (existsSync(log)) renameSync(log, `${kept}-wal`);
  for (const end of ['-shm', '-journal']) rmSync(database + end, { force: true });
  syncFolderOf(database);
  renameSync(part, database);
  syncFolderOf(database);
  return kept;
}

/** The newest writes of a database that is gone itself: nobody must take them for those of what is put in its place. */
export function quarantineWal(database: string, at: number): void {
  const log = `${database}-wal`;
  if (existsSync(log)) renameSync(log, `${replacedNames(database).at(at)}-wal`);
  rmSync(`${database}-journal`, { force: true });
}

/** A restore that was killed may have left the database with a second name, under which nobody must open it. */
export function removeStaleLinks(database: string): void {
  const stat = statSync(database, { throwIfNoEntry: false });
  if (!stat || stat.nlink === 1) return;
  const identity = fileIdentity(database);
  for (const { path } of replacedNames(database).list()) {
    if (fileIdentity(path) === identity) rmSync(path);
  }
}

/** Milliseconds that somebody may take to end who is about to. */
const LOCK_TIMEOUT_MS = 1_000;

const inUse = (file: string, cause?: unknown): UserError =>
  new UserError(`${file} is in use: stop every server, worker and other program on it first.`, { cause });

/**
 * Puts the write-ahead log into the file and ends it, which SQLite lets only somebody do who is alone with the file. A server
 * or worker that starts later finds the file like that, and switches back.
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
 * Makes sure that nobody else has a database open, nor opens it until the returned connection is closed; all that belongs to
 * it is in the one file then. While it is open, no other descriptor of the file may be closed in this process. Throws
 * {@link UserError} when somebody has it open, and what SQLite says of a file that it cannot read.
 */
export function lockExclusively(file: string): SqliteClient {
  const identity = fileIdentity(file);
  let client: SqliteClient | undefined;
  try {
    endWal(file);
    client = openDatabase(file, { timeout: LOCK_TIMEOUT_MS });
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

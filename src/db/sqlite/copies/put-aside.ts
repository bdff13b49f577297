import { chmodSync, chownSync, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { UserError } from '../../../core/errors.js';
import { fileIdentity } from '../file-identity.js';
import { syncFile, syncFolderOf } from './sync-to-disk.js';
import { TimedNames } from './timed-names.js';

const PERMISSIONS = 0o777;

/** What a database that was replaced is called. */
const namesOf = (database: string): TimedNames => new TimedNames(`${database}.before-restore-`, '.bak');

/** Gives a file the owner and the permissions of another. Throws {@link UserError} when this user may not. */
function resemble(file: string, model: string): void {
  const { mode, uid, gid } = statSync(model);
  const own = statSync(file);
  try {
    if (own.uid !== uid || own.gid !== gid) chownSync(file, uid, gid);
  } catch (cause) {
    throw new UserError(`${model} belongs to another user: do this as that user, or as root.`, { cause });
  }
  chmodSync(file, mode & PERMISSIONS);
}

function giveSecondName(file: string, name: string): void {
  try {
    linkSync(file, name);
  } catch (cause) {
    throw new UserError(`${file} cannot be kept beside the new one: move it away, then try again.`, {
      cause,
    });
  }
}

/**
 * Puts a finished database in the place of another, which stays beside it under the name that is returned. Whenever this is
 * interrupted, one of the two is in place, and whole. Nobody may have it open, and the new one must need no side files.
 */
export function replaceFile(part: string, database: string, at: number): string {
  const kept = namesOf(database).at(at);
  resemble(part, database);
  syncFile(part);
  giveSecondName(database, kept);
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
export function putLogAside(database: string, at: number): void {
  const log = `${database}-wal`;
  if (existsSync(log)) renameSync(log, `${namesOf(database).at(at)}-wal`);
  rmSync(`${database}-journal`, { force: true });
}

/** A restore that was killed may have left the database with a second name, under which nobody must open it. */
export function removeSecondNames(database: string): void {
  const stat = statSync(database, { throwIfNoEntry: false });
  if (!stat || stat.nlink === 1) return;
  const identity = fileIdentity(database);
  for (const { path } of namesOf(database).list()) {
    if (fileIdentity(path) === identity) rmSync(path);
  }
}

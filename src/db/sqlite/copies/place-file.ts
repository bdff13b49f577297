import { existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../../../core/errors.js';
import { syncFolderOf } from './sync-to-disk.js';

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

const taken = (file: string): UserError =>
  new UserError(`${file} is there already: name another file, or replace it with --force.`);

/** Throws {@link UserError} where a database cannot be put. `force` has it replace what is there. */
export function assertRoomFor(file: string, force = false): void {
  const folder = dirname(file);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(`The folder ${folder} does not exist: create it, or name another file.`);
  // SQLite would take it for the newest part of what is put beside it.
  const left = ['-wal', '-journal'].map((end) => file + end).find((path) => existsSync(path));
  if (left !== undefined)
    throw new UserError(`There is a ${left}: a program has ${file} open, or was killed. Name another file.`);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return;
  if (!stat.isFile()) throw new UserError(`${file} is not a file: name the file itself.`);
  if (!force) throw taken(file);
}

/** Gives a finished file its name, and has that on the disk. Without `force` it never replaces one. Throws {@link UserError}. */
export function placeFile(part: string, file: string, force = false): void {
  if (force) renameSync(part, file);
  else placeAsNew(part, file);
  syncFolderOf(file);
}

function placeAsNew(part: string, file: string): void {
  try {
    // Unlike a rename it fails when the name was given to another file just now.
    linkSync(part, file);
  } catch (error) {
    if (codeOf(error) === 'EEXIST' || existsSync(file)) throw taken(file);
    // A file system without links.
    renameSync(part, file);
    return;
  }
  rmSync(part);
}

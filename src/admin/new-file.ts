import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../core/errors.js';
import { withUserErrors } from '../db/sqlite/errors.js';
import { PRIVATE, syncFile, syncFolderOf } from '../db/sqlite/files.js';

function writeAll(part: string, chunks: Iterable<string>): void {
  const descriptor = openSync(part, 'wx', PRIVATE);
  try {
    for (const chunk of chunks) {
      const bytes = Buffer.from(chunk);
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    }
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Writes a file that has its name when all of it is on the disk, and that only this user may read. Replaces one that is
 * there only with `force`. Throws `UserError`; then nothing is left.
 */
export function writeNewFile(file: string, chunks: Iterable<string>, force = false): void {
  const target = resolve(file);
  withUserErrors(target, () => {
    assertRoomFor(target, force);
    removeLeftOverParts(target);
    const part = partOf(target);
    try {
      writeAll(part, chunks);
      syncFile(part);
      placeFile(part, target, force);
    } finally {
      removePart(part);
    }
  });
}

/** Tells processes of this machine from those of others, or of other containers, which number theirs anew. */
const MACHINE = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

const ENDS = ['', '-journal', '-wal', '-shm'];

const PART = /^\.([0-9a-f]{8})-(\d+)\.part(?:-journal|-wal|-shm)?$/;

/** Milliseconds after which nobody is still writing what another machine has begun. */
const ABANDONED_MS = 24 * 3_600_000;

/** What a file is called while this process makes it; the name tells whether its maker still lives. */
export const partOf = (file: string): string => `${resolve(file)}.${MACHINE}-${process.pid}.part`;

export function removePart(part: string): void {
  for (const end of ENDS) rmSync(part + end, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isLeftOver(path: string, machine: string, pid: number): boolean {
  // This process makes one copy at a time: what has its number is of an earlier one.
  if (machine === MACHINE) return pid === process.pid || !isAlive(pid);
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > ABANDONED_MS;
}

/** Removes what processes that were killed while they made this file have left. */
export function removeLeftOverParts(file: string): void {
  const folder = dirname(resolve(file));
  const name = basename(file);
  for (const other of readdirSync(folder)) {
    const [, machine, pid] = (other.startsWith(name) && PART.exec(other.slice(name.length))) || [];
    if (machine === undefined || pid === undefined) continue;
    const path = join(folder, other);
    if (isLeftOver(path, machine, Number(pid))) rmSync(path, { force: true });
  }
}

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

const taken = (file: string): UserError =>
  new UserError(`${file} already exists: choose another file, or overwrite it with --force.`);

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

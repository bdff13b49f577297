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
 * Writes a file that gets its name once it is completely on disk, and that only this user can read. Overwrites an
 * existing one only with `force`. Throws `UserError`, leaving nothing behind.
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

/** Distinguishes this machine from others, and from containers, whose process ids overlap. */
const MACHINE = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

const ENDS = ['', '-journal', '-wal', '-shm'];

const PART = /^\.([0-9a-f]{8})-(\d+)\.part(?:-journal|-wal|-shm)?$/;

/** Milliseconds after which a temporary file of another machine counts as abandoned. */
const ABANDONED_MS = 24 * 3_600_000;

/** The temporary name of a file; it identifies the process that writes it. */
export const partOf = (file: string): string => `${resolve(file)}.${MACHINE}-${process.pid}.part`;

export function removePart(part: string): void {
  for (const end of ENDS) rmSync(part + end, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isLeftOver(path: string, machine: string, pid: number): boolean {
  // This process writes one copy at a time: a file with its id is from an earlier process.
  if (machine === MACHINE) return pid === process.pid || !isAlive(pid);
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > ABANDONED_MS;
}

/** Removes temporary files of this file that killed processes have left. */
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

/** Throws {@link UserError} if a database cannot be placed there. `force` allows overwriting. */
export function assertRoomFor(file: string, force = false): void {
  const folder = dirname(file);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(`The folder ${folder} does not exist: create it, or name another file.`);
  // SQLite would apply it to a database placed beside it.
  const left = ['-wal', '-journal'].map((end) => file + end).find((path) => existsSync(path));
  if (left !== undefined)
    throw new UserError(`There is a ${left}: a program has ${file} open, or was killed. Name another file.`);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return;
  if (!stat.isFile()) throw new UserError(`${file} is not a file: name the file itself.`);
  if (!force) throw taken(file);
}

/** Gives a finished file its name, and syncs that to disk. Overwrites only with `force`. Throws {@link UserError}. */
export function placeFile(part: string, file: string, force = false): void {
  if (force) renameSync(part, file);
  else placeAsNew(part, file);
  syncFolderOf(file);
}

function placeAsNew(part: string, file: string): void {
  try {
    // Unlike a rename, it fails if another file has just got the name.
    linkSync(part, file);
  } catch (error) {
    if (codeOf(error) === 'EEXIST' || existsSync(file)) throw taken(file);
    // The file system has no hard links.
    renameSync(part, file);
    return;
  }
  rmSync(part);
}

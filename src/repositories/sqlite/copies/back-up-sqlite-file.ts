import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { copySqliteFile } from '../../../db/sqlite/copies/copy-sqlite-file.js';
import { partOf, removeLeftOverParts, removePart } from '../../../db/sqlite/copies/part-file.js';
import { assertRoomFor, placeFile } from '../../../db/sqlite/copies/place-file.js';
import { isSameFile } from '../../../db/sqlite/copies/same-file.js';
import { TimedNames } from '../../../db/sqlite/copies/timed-names.js';
import { orRefuse, refusalOf } from '../../../db/sqlite/startup-refusal.js';
import { StartupError } from '../../../domain/startup-error.js';
import type { Backup, BackupOptions } from '../../copies.js';
import { saysDamaged } from '../find-damage.js';
import { assertSound } from './assert-sound.js';

function assertDistinct(database: string, file: string): void {
  if (!existsSync(database) || !statSync(database).isFile())
    throw new StartupError(`There is no database at ${database}.`);
  if (file.trim() === '') throw new StartupError('The backup has no name: name its file.');
  if (isSameFile(database, file))
    throw new StartupError(`${file} is the database itself: name another file for its copy.`);
}

/** What is wrong with the database is not to be said of the file that its copy would have been. */
function copy(database: string, part: string): void {
  try {
    copySqliteFile(database, part);
  } catch (error) {
    if (saysDamaged(error)) throw refusalOf(database, error);
    throw error;
  }
}

/** Makes a sound copy under a name of its own; returns its size and how many tasks it has. */
function makePart(database: string, part: string): { tasks: number; bytes: number } {
  copy(database, part);
  return { tasks: assertSound(part, database), bytes: statSync(part).size };
}

/**
 * Copies a database, in use or not, as it is at one moment. The copy gets its name when it is whole, was found sound and is
 * on the disk. `at` is the time of its name, in milliseconds since 1970 UTC. Throws {@link StartupError}; then nothing is left.
 */
export function backUpSqliteFile({ database, file, force, rotate }: BackupOptions, at: number): Backup {
  assertDistinct(database, file);
  const names = TimedNames.beside(file);
  const target = rotate === undefined ? resolve(file) : names.at(at);
  assertRoomFor(target, force);
  return orRefuse(target, () => {
    removeLeftOverParts(file);
    const part = partOf(file);
    try {
      const { tasks, bytes } = makePart(database, part);
      placeFile(part, target, force);
      return { file: target, bytes, tasks, removed: rotate === undefined ? [] : names.keep(rotate, target) };
    } finally {
      removePart(part);
    }
  });
}

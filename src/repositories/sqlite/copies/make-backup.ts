import { statSync } from 'node:fs';
import { UserError } from '../../../core/errors.js';
import { partOf, removeLeftOverParts, removePart } from '../../../db/sqlite/copies/part-file.js';
import { assertRoomFor, placeFile } from '../../../db/sqlite/copies/place-file.js';
import { isSameFile } from '../../../db/sqlite/copies/same-file.js';
import type { TimedNames } from '../../../db/sqlite/copies/timed-names.js';
import { orRefuse } from '../../../db/sqlite/startup-refusal.js';
import { assertThere } from '../../../db/sqlite/usable-path.js';
import type { Backup } from '../../copies.js';
import { copyOrRefuse } from './copy-or-refuse.js';

interface Making {
  database: string;
  /** What the copy is named after while it is made, so that the next one finds what a killed one has left. */
  base: string;
  /** Looks at the copy of what people know by a name, and counts its tasks. Throws {@link UserError}. */
  examine(copy: string, name: string): number;
}

function assertDistinct(database: string, file: string): void {
  assertThere(database);
  if (file.trim() === '') throw new UserError('The backup has no name: name its file.');
  if (isSameFile(database, file))
    throw new UserError(`${file} is the database itself: name another file for its copy.`);
}

/** Makes a copy that gets its name when it is whole, was examined and is on the disk. Throws {@link UserError}; then nothing is left. */
export function makeBackup({ database, base, examine }: Making, target: string, force = false): Backup {
  assertDistinct(database, base);
  return orRefuse(target, () => {
    assertRoomFor(target, force);
    removeLeftOverParts(base);
    const part = partOf(base);
    try {
      copyOrRefuse(database, part, target);
      const tasks = examine(part, database);
      const { size: bytes } = statSync(part);
      placeFile(part, target, force);
      return { file: target, bytes, tasks, removed: [] };
    } finally {
      removePart(part);
    }
  });
}

/** The same under a name with a time, of which the newest `keep` are kept. */
export function makeTimedBackup(making: Making, names: TimedNames, keep: number, at: number): Backup {
  const made = makeBackup(making, names.at(at));
  return { ...made, removed: names.keep(keep, made.file) };
}

import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { partOf, removeLeftOverParts, removePart } from '../../../db/sqlite/copies/part-file.js';
import { assertRoomFor, placeFile } from '../../../db/sqlite/copies/place-file.js';
import { syncFile } from '../../../db/sqlite/copies/sync-to-disk.js';
import { PRIVATE } from '../../../db/sqlite/file-mode.js';
import { orRefuse } from '../../../db/sqlite/startup-refusal.js';

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
 * there only with `force`. Throws `StartupError`; then nothing is left.
 */
export function writeNewFile(file: string, chunks: Iterable<string>, force = false): void {
  const target = resolve(file);
  orRefuse(target, () => {
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

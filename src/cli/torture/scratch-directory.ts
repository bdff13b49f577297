import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { StartupError } from '../../domain/startup-error.js';

function makeFolder(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch {
    throw new StartupError(`${directory} cannot be made: name another folder with --directory.`);
  }
}

/** A fresh temporary folder, or the one that was named, which must be new or empty. Throws `StartupError`. */
export function scratchDirectory(named: string | null): string {
  if (named === null) return mkdtempSync(join(tmpdir(), 'spoolite-torture-'));
  const directory = resolve(named);
  makeFolder(directory);
  if (readdirSync(directory).length > 0) {
    throw new StartupError(`${directory} is not empty: name a new or an empty folder with --directory.`);
  }
  return directory;
}

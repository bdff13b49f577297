import { existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { StartupError } from '../../domain/startup-error.js';

/** A fresh temporary folder, or the one that was named, which must be new or empty. Throws `StartupError`. */
export function scratchDirectory(named: string | null): string {
  if (named === null) return mkdtempSync(join(tmpdir(), 'spoolite-torture-'));
  const directory = resolve(named);
  if (existsSync(directory) && readdirSync(directory).length > 0) {
    throw new StartupError(`${directory} is not empty: name a new or an empty folder with --directory.`);
  }
  mkdirSync(directory, { recursive: true });
  return directory;
}

import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { IN_MEMORY } from '../../core/paths.js';

/** As many links as SQLite follows, about; more are a circle. */
const MAX_LINKS = 100;

function targetOf(path: string): string | null {
  try {
    return resolve(dirname(path), readlinkSync(path));
  } catch {
    return null;
  }
}

function real(path: string, links: number): string {
  try {
    return realpathSync(path);
  } catch {
    // It is not there yet: as much of it as there is.
  }
  const target = links > 0 ? targetOf(path) : null;
  if (target !== null) return real(target, links - 1);
  const folder = dirname(path);
  return folder === path ? path : join(real(folder, links), basename(path));
}

/**
 * The one name of a database file, by whichever name it was given: absolute, without links, and without the white space around
 * it that the driver drops. Guards, side files and tools must all look where the driver looks.
 */
export function databasePath(given: string): string {
  const name = given.trim();
  return name === '' || name === IN_MEMORY ? name : real(resolve(name), MAX_LINKS);
}

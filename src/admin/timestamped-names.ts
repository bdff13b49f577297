import { closeSync, existsSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { isOurHeader } from '../db/sqlite/database-file.js';

const STAMP = '\\d{8}T\\d{9}Z';

/** An instant for file names on any system: `20251105T193500123Z`. */
export const stampOf = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace(/[-:.]/g, '');

/** The instant of a stamp, in milliseconds since 1970 UTC. */
const instantOf = (stamp: string): number =>
  Date.parse(stamp.replace(/^(....)(..)(..)T(..)(..)(..)(...)Z$/, '$1-$2-$3T$4:$5:$6.$7Z'));

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A file with a timestamp in its name. */
export interface TimestampedFile {
  path: string;
  at: number;
}

/** Names of a recurring file that differ only by time: `start`, the time, `end`. */
export class TimestampedNames {
  readonly #start: string;
  readonly #end: string;
  readonly #pattern: RegExp;

  constructor(start: string, end: string) {
    this.#start = resolve(start);
    this.#end = end;
    this.#pattern = new RegExp(`^${literally(basename(start))}(${STAMP})${literally(end)}$`);
  }

  /** `backup.db` → `backup-20251105T193500123Z.db`. */
  static beside(file: string): TimestampedNames {
    const end = extname(file);
    return new TimestampedNames(`${file.slice(0, file.length - end.length)}-`, end);
  }

  at(milliseconds: number): string {
    return `${this.#start}${stampOf(milliseconds)}${this.#end}`;
  }

  /** Existing files, newest first. */
  list(): TimestampedFile[] {
    const folder = dirname(this.#start);
    if (!existsSync(folder)) return [];
    const files = readdirSync(folder).map((name) => ({
      path: join(folder, name),
      at: instantOf(this.#pattern.exec(name)?.[1] ?? ''),
    }));
    return files.filter(({ at }) => !Number.isNaN(at)).sort((a, b) => b.at - a.at);
  }

  /**
   * Deletes all but the newest `count`, and never `newest` itself, whatever the clock was. Spares files that are not
   * our databases, or are open. Returns the deleted ones.
   */
  keep(count: number, newest: string): string[] {
    const others = this.list().filter(({ path }) => path !== resolve(newest));
    const old = others.slice(count - 1).map(({ path }) => path);
    return old.filter((path) => {
      try {
        if (!isOurFile(path) || existsSync(`${path}-wal`)) return false;
        rmSync(path);
        return true;
      } catch {
        // Another user's, or open: that does not fail the new one.
        return false;
      }
    });
  }
}

function isOurFile(path: string): boolean {
  if (!statSync(path).isFile()) return false;
  const header = Buffer.alloc(100);
  const descriptor = openSync(path, 'r');
  try {
    readSync(descriptor, header);
  } finally {
    closeSync(descriptor);
  }
  return isOurHeader(header);
}

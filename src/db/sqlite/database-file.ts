import { accessSync, constants, existsSync, mkdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import { UserError } from '../../core/errors.js';
import { withUserErrorsOfReading } from './errors.js';

/** What the driver takes for a database in memory. */
export const IN_MEMORY = ':memory:';

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

/** Makes the folder of a database file, where it is not there. Throws {@link UserError}. */
export function makeFolderOf(file: string): void {
  const folder = dirname(file);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new UserError(
      `The folder ${folder} cannot be made: create it, or name another file with --database.`,
      { cause },
    );
  }
}

/** Throws {@link UserError} unless there is a database file to be read. */
export function assertThere(file: string): void {
  const stat = withUserErrorsOfReading(file, () => statSync(file, { throwIfNoEntry: false }));
  if (!stat?.isFile()) throw new UserError(`There is no database at ${file}.`);
}

/** Throws {@link UserError} when there can be no database file of this name, or none that can be written. */
export function assertUsablePath(file: string): void {
  // The driver takes an empty name for a database that nobody sees again.
  if (file.trim() === '') throw new UserError('The database has no name: name its file with --database.');
  const folder = dirname(file);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UserError(
      `The folder ${folder} does not exist: create it, or name another file with --database.`,
    );
  }
  if (!existsSync(file)) return;
  if (!statSync(file).isFile()) {
    throw new UserError(`${file} is not a file: name the database file itself with --database.`);
  }
  // SQLite would open a read-only file, and say so at the first write only.
  accessSync(file, constants.W_OK);
}

/** Marks a file as Spoolite's ("SPOO"), https://www.sqlite.org/pragma.html#pragma_application_id */
const APPLICATION_ID = 0x53504f4f;

const hasOurTables = (client: Database): boolean =>
  client
    .prepare(
      "select count(*) = 3 from sqlite_schema where type = 'table' and name in ('__drizzle_migrations', 'queue_state', 'tasks')",
    )
    .pluck()
    .get() === 1;

/** A text of SQL statements, such as `.dump` writes, says nothing of the mark. */
const withoutMark = (file: string): UserError =>
  new UserError(
    `${file} looks like a queue that was rebuilt from a dump, which loses the mark of Spoolite's files. It was left untouched. ` +
      `If it is one, put the mark back: sqlite3 '${file}' 'pragma application_id = ${APPLICATION_ID}'`,
  );

/** Throws {@link UserError} when the file is another program's. Only reads: such a file must not be changed. */
export function assertOurs(client: Database): void {
  const tables = client.prepare("select count(*) from sqlite_schema where type = 'table'").pluck().get();
  const id = client.pragma('application_id', { simple: true });
  if (id === APPLICATION_ID || (id === 0 && tables === 0)) return;
  if (id === 0 && hasOurTables(client)) throw withoutMark(client.name);
  throw new UserError(`${client.name} belongs to another program. It was left untouched: name another file.`);
}

/** Where SQLite's header has the id, https://www.sqlite.org/fileformat.html#application_id */
const ID_OFFSET = 68;

const MAGIC = 'SQLite format 3\0';

/** Whether a file that begins with these bytes is Spoolite's. */
export const isOurHeader = (header: Buffer): boolean =>
  header.toString('latin1', 0, MAGIC.length) === MAGIC && header.readInt32BE(ID_OFFSET) === APPLICATION_ID;

export function markAsOurs(client: Database): void {
  client.pragma(`application_id = ${APPLICATION_ID}`);
}

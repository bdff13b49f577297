import { accessSync, constants, existsSync, mkdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import { UserError } from '../../core/errors.js';
import { withUserErrorsOfReading } from './errors.js';

/** The driver's name for a database in memory. */
export const IN_MEMORY = ':memory:';

/** Roughly as many links as SQLite follows; more are a cycle. */
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
    // The file does not exist yet: resolves the part that does.
  }
  const target = links > 0 ? targetOf(path) : null;
  if (target !== null) return real(target, links - 1);
  const folder = dirname(path);
  return folder === path ? path : join(real(folder, links), basename(path));
}

/**
 * The canonical name of a database file: absolute, without links, and without the surrounding white space that the
 * driver drops. Guards, side files and tools must all use the driver's path.
 */
export function databasePath(given: string): string {
  const name = given.trim();
  return name === '' || name === IN_MEMORY ? name : real(resolve(name), MAX_LINKS);
}

/** Creates the folder of a database file if missing. Throws {@link UserError}. */
export function makeFolderOf(file: string): void {
  const folder = dirname(file);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new UserError(
      `The folder ${folder} cannot be created: create it yourself, or name another file with --database.`,
      { cause },
    );
  }
}

/** Throws {@link UserError} unless the database file exists. */
export function assertThere(file: string): void {
  const stat = withUserErrorsOfReading(file, () => statSync(file, { throwIfNoEntry: false }));
  if (!stat?.isFile()) throw new UserError(`There is no database at ${file}.`);
}

/** Throws {@link UserError} if a database file of this name is impossible or cannot be written. */
export function assertUsablePath(file: string): void {
  // The driver treats an empty name as a temporary database, which is lost at the end.
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
  // SQLite would open a read-only file, and fail only at the first write.
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

/** A dump as SQL statements, such as `.dump` writes, does not contain the mark. */
const withoutMark = (file: string): UserError =>
  new UserError(
    `${file} looks like a queue that was rebuilt from a dump, which loses the mark of Spoolite's files. It was left untouched. ` +
      `If it is one, put the mark back: sqlite3 '${file}' 'pragma application_id = ${APPLICATION_ID}'`,
  );

/** Throws {@link UserError} if the file is another program's. Only reads: such a file must not be changed. */
export function assertOurs(client: Database): void {
  const tables = client.prepare("select count(*) from sqlite_schema where type = 'table'").pluck().get();
  const id = client.pragma('application_id', { simple: true });
  if (id === APPLICATION_ID || (id === 0 && tables === 0)) return;
  if (id === 0 && hasOurTables(client)) throw withoutMark(client.name);
  throw new UserError(`${client.name} belongs to another program. It was left untouched: name another file.`);
}

/** Offset of the id in SQLite's header, https://www.sqlite.org/fileformat.html#application_id */
const ID_OFFSET = 68;

const MAGIC = 'SQLite format 3\0';

/** Whether a file that begins with these bytes is Spoolite's. */
export const isOurHeader = (header: Buffer): boolean =>
  header.toString('latin1', 0, MAGIC.length) === MAGIC && header.readInt32BE(ID_OFFSET) === APPLICATION_ID;

export function markAsOurs(client: Database): void {
  client.pragma(`application_id = ${APPLICATION_ID}`);
}

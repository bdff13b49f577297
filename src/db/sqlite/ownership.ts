import type { Database } from 'better-sqlite3';
import { UserError } from '../../core/errors.js';

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

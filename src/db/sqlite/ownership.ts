import type { Database } from 'better-sqlite3';
import { StartupError } from '../../domain/startup-error.js';

/** Marks a file as Spoolite's ("SPOO"), https://www.sqlite.org/pragma.html#pragma_application_id */
const APPLICATION_ID = 0x53504f4f;

/** Throws {@link StartupError} when the file is another program's. Only reads: such a file must not be changed. */
export function assertOurs(client: Database): void {
  const tables = client.prepare("select count(*) from sqlite_schema where type = 'table'").pluck().get();
  const id = client.pragma('application_id', { simple: true });
  if (id === APPLICATION_ID || (id === 0 && tables === 0)) return;
  throw new StartupError(
    `${client.name} belongs to another program. It was left untouched: name another file.`,
  );
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

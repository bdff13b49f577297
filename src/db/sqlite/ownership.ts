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

export function markAsOurs(client: Database): void {
  client.pragma(`application_id = ${APPLICATION_ID}`);
}

import type { SqliteClient } from '../../../db/sqlite/connection.js';
import { saysDamaged } from '../find-damage.js';

const columnsOf = (client: SqliteClient, table: string): string[] =>
  client.prepare('select name from pragma_table_info(?)').pluck().all(table) as string[];

/** Adds the rows of a table from one database to another; columns that only one of them has are left out. */
function copyRows(from: SqliteClient, to: SqliteClient, table: string, where: string): void {
  const known = columnsOf(to, table);
  const columns = columnsOf(from, table).filter((column) => known.includes(column));
  if (columns.length === 0) return;
  const names = columns.join(', ');
  const insert = to.prepare(`insert into ${table} (${names}) values (${columns.map(() => '?').join(', ')})`);
  for (const row of from.prepare(`select ${names} from ${table} where ${where}`).raw().iterate())
    insert.run(row as unknown[]);
}

/** A file that never had a key says nothing of those of the backup: it may have been made anew. */
const hasKeys = (client: SqliteClient): boolean =>
  columnsOf(client, 'api_keys').length > 0 &&
  client.prepare('select exists (select 1 from api_keys)').pluck().get() === 1;

function carryKeys(replaced: SqliteClient, restored: SqliteClient): void {
  if (!hasKeys(replaced)) return;
  restored.exec('delete from api_keys');
  copyRows(replaced, restored, 'api_keys', 'true');
}

function carryAuditLog(replaced: SqliteClient, restored: SqliteClient): void {
  const last = restored.prepare('select coalesce(max(id), 0) from audit_entries').pluck().get();
  copyRows(replaced, restored, 'audit_entries', `id > ${Number(last)}`);
}

/** Does it as a whole or, where the replaced file is damaged just there, not at all: such a file is what backups are for. */
function ifReadable(restored: SqliteClient, carry: () => void): void {
  try {
    restored.transaction(carry)();
  } catch (error) {
    if (!saysDamaged(error)) throw error;
  }
}

/**
 * Takes over what must not go back in time with the tasks: a key that was revoked stays revoked, and what was done stays in
 * the audit log.
 */
export function carryOver(replaced: SqliteClient, restored: SqliteClient): void {
  restored.transaction(() => {
    ifReadable(restored, () => carryKeys(replaced, restored));
    ifReadable(restored, () => carryAuditLog(replaced, restored));
  })();
}

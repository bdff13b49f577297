import type { Connection } from '../../db/sqlite/connection.js';

interface Orphan {
  table: string;
  /** Null where rows have no number. */
  rowid: number | null;
  parent: string;
}

/** What SQLite finds wrong with the file itself; empty when it is sound. */
export const findDamage = ({ client }: Connection): string[] =>
  (client.pragma('integrity_check') as { integrity_check: string }[])
    .map((row) => row.integrity_check)
    .filter((problem) => problem !== 'ok');

/** Rows that belong to a row which is not there. */
export const findOrphans = ({ client }: Connection): string[] =>
  (client.pragma('foreign_key_check') as Orphan[]).map(
    ({ table, rowid, parent }) =>
      `${rowid === null ? 'a row' : `row ${rowid}`} of ${table} has no row in ${parent}`,
  );

/** True when the driver could not read on because of damage. */
export const saysDamaged = (error: unknown): boolean =>
  /^SQLITE_(CORRUPT|NOTADB)/.test(String((error as { code?: unknown }).code));

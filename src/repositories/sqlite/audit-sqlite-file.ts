import { existsSync } from 'node:fs';
import { sql } from 'drizzle-orm';
import { type Connection, openForReading } from '../../db/sqlite/connection.js';
import { minuteCounts } from '../../db/sqlite/schema.js';
import { StartupError } from '../../domain/startup-error.js';
import type { Audit } from '../audit.js';
import { recount } from './recount.js';

interface Orphan {
  table: string;
  /** Null where rows have no number. */
  rowid: number | null;
  parent: string;
}

function findDamage({ client }: Connection): string[] {
  const problems = (client.pragma('integrity_check') as { integrity_check: string }[])
    .map((row) => row.integrity_check)
    .filter((problem) => problem !== 'ok');
  const orphans = client.pragma('foreign_key_check') as Orphan[];
  return [
    ...problems,
    ...orphans.map(
      ({ table, rowid, parent }) =>
        `${rowid === null ? 'a row' : `row ${rowid}`} of ${table} has no row in ${parent}`,
    ),
  ];
}

const countCompletions = ({ db }: Connection): number =>
  db
    .select({ count: sql<number>`coalesce(sum(${minuteCounts.completed}), 0)` })
    .from(minuteCounts)
    .get()?.count ?? 0;

const saysDamaged = (error: unknown): boolean =>
  /^SQLITE_(CORRUPT|NOTADB)/.test(String((error as { code?: unknown }).code));

/** Examines a database file without changing it. Throws {@link StartupError} when there is none. */
export function auditSqliteFile(file: string): Audit {
  if (!existsSync(file)) throw new StartupError(`There is no database at ${file}.`);
  let connection: Connection | undefined;
  try {
    connection = openForReading(file);
    const damage = findDamage(connection);
    if (damage.length > 0) return { damage, miscounts: [], completions: 0 };
    return { damage, miscounts: recount(connection), completions: countCompletions(connection) };
  } catch (error) {
    // Some damage cannot even be read past.
    if (!saysDamaged(error)) throw error;
    return { damage: [(error as Error).message], miscounts: [], completions: 0 };
  } finally {
    connection?.client.close();
  }
}

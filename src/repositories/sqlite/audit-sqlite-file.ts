import { sql } from 'drizzle-orm';
import { type Connection, openForInspection } from '../../db/sqlite/connection.js';
import { databasePath } from '../../db/sqlite/database-path.js';
import { minuteCounts } from '../../db/sqlite/schema.js';
import { assertThere } from '../../db/sqlite/usable-path.js';
import type { Audit } from '../audit.js';
import { findDamage, findOrphans, saysDamaged } from './find-damage.js';
import { recount } from './recount.js';

const countCompletions = ({ db }: Connection): number =>
  db
    .select({ count: sql<number>`coalesce(sum(${minuteCounts.completed}), 0)` })
    .from(minuteCounts)
    .get()?.count ?? 0;

/** Examines a database file without changing it. Throws `StartupError` when there is none. */
export function auditSqliteFile(database: string): Audit {
  const file = databasePath(database);
  assertThere(file);
  let connection: Connection | undefined;
  try {
    connection = openForInspection(file);
    const damage = [...findDamage(connection), ...findOrphans(connection)];
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

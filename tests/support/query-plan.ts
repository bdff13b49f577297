import type Database from 'better-sqlite3';

/** How many values a statement is run with. */
const parametersOf = (sql: string): number => sql.replace(/'[^']*'/g, '').match(/\?/g)?.length ?? 0;

/** How SQLite will run a statement: the lines of its query plan. */
export function queryPlan(client: Database.Database, sql: string): string[] {
  const values = new Array(parametersOf(sql)).fill(null);
  const rows = client.prepare(`explain query plan ${sql}`).all(...values) as { detail: string }[];
  return rows.map(({ detail }) => detail);
}

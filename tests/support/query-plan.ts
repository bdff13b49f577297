import type Database from 'better-sqlite3';

/** How many values a statement is run with. */
const parametersOf = (sql: string): number => sql.replace(/'[^']*'/g, '').match(/\?/g)?.length ?? 0;

/** How SQLite will run a statement: the lines of its query plan. */
export function queryPlan(client: Database.Database, sql: string): string[] {
  const values = new Array(parametersOf(sql)).fill(null);
  const rows = client.prepare(`explain query plan ${sql}`).all(...values) as { detail: string }[];
  return rows.map(({ detail }) => detail);
}

/** The statements that the triggers run, their values as parameters. */
export function triggerStatements(client: Database.Database): string[] {
  const triggers = client.prepare("select sql from sqlite_schema where type = 'trigger'").pluck().all();
  return (triggers as string[]).flatMap((sql) =>
    (/\bBEGIN\b([\s\S]*)\bEND\b/.exec(sql)?.[1] ?? '')
      .replace(/\b(?:new|old)\.`\w+`/g, '?')
      .split(';')
      .map((statement) => statement.trim())
      .filter((statement) => statement !== ''),
  );
}

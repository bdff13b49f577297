import Database from 'better-sqlite3';
import { ManualClock } from '../../src/core/clock.js';
import { openInMemory } from '../support/sqlite.js';

export interface Scan {
  /** The line of the plan. */
  plan: string;
  /** The only statements that may have it. */
  of: RegExp;
  reason: string;
}

/** Everything that is read from end to end, and why it may be. */
export const SCANS: Scan[] = [
  {
    plan: 'SCAN tasks USING COVERING INDEX tasks_scheduled',
    of: /^select "run_after" from "tasks" where due = 0 order by "tasks"\."run_after" asc limit \?$/,
    reason: 'when the next task falls due: the first entry of the index of scheduled tasks, LIMIT 1',
  },
  {
    plan: 'SCAN workers',
    of: /^(select .* from "workers"( order by rowid desc| where "workers"\."overdue" > 0)?|delete from "workers" where "workers"\."last_heartbeat" < \?)$/,
    reason: 'a row per worker',
  },
  {
    plan: 'SCAN api_keys USING INDEX api_keys_name',
    of: /^select .* from "api_keys" order by "api_keys"\."name"$/,
    reason: 'a row per key, read when one has changed',
  },
  { plan: 'SCAN queue_state', of: /^select 1 from queue_state$/, reason: 'one row' },
  {
    plan: 'SCAN sqlite_schema',
    of: /^select count\(\*\) from sqlite_schema where /,
    reason: 'a row per table and index, at start',
  },
  {
    plan: 'SCAN pragma_data_version VIRTUAL TABLE INDEX 0:',
    of: /^select data_version from pragma_data_version$/,
    reason: 'one number',
  },
  {
    plan: 'SCAN claimed VIRTUAL TABLE INDEX 1:',
    of: /^update "tasks" set .* from json_each\(\?\) as claimed /,
    reason: 'the tasks of one claim, as they are bound',
  },
  {
    plan: 'SCAN settled VIRTUAL TABLE INDEX 1:',
    of: /^update "tasks" set .* from json_each\(\?\) as settled /,
    reason: 'the attempts that are completed together, as they are bound',
  },
  {
    plan: 'SCAN held VIRTUAL TABLE INDEX 1:',
    of: /^update "tasks" set .* from json_each\(\?\) as held /,
    reason: 'the leases of one worker, as they are bound',
  },
  {
    plan: 'SCAN json_each VIRTUAL TABLE INDEX 1:',
    of: /^select value from json_each\(\?\) where not exists \(select 1 from tasks where tasks\.id = json_each\.value\)$/,
    reason: 'the tasks that somebody waits for, as they are bound, after a deletion',
  },
  {
    plan: 'SCAN json_each VIRTUAL TABLE INDEX 1:',
    of: /^select .* from "tasks" where "tasks"\."id" in \(select value from json_each\(\?\)\)( and (\+|coalesce).*)?$/,
    reason: 'the ids that are asked for, as they are bound',
  },
  {
    plan: 'SCAN json_each VIRTUAL TABLE INDEX 1:',
    of: /^select id, octet_length\(payload\) .* from tasks where id in \(select value from json_each\(\?\)\)$/,
    reason: 'the tasks that a claim has picked, as they are bound',
  },
  {
    plan: 'SCAN json_each VIRTUAL TABLE INDEX 1:',
    of: /^select .* from "lanes" where due > 0 and requirement in \(select value from json_each\(\?\)\)/,
    reason: 'the capabilities and types of a claim, as they are bound',
  },
  {
    plan: 'SCAN json_each VIRTUAL TABLE INDEX 1:',
    of: /^select id, \(.* limit 1 \) as front from lanes where id in \(select value from json_each\(\?\)\)/,
    reason: 'the lanes of a claim, as they are bound',
  },
  {
    plan: 'SCAN json_each VIRTUAL TABLE INDEX 1:',
    of: /^delete from "(tasks|task_logs)" where .* in \(select value from json_each\(\?\)\)/,
    reason: 'the tasks that are deleted, as they are bound',
  },
  {
    plan: 'SCAN (subquery-1)',
    of: /^select (count\(\*\)|coalesce\(sum\(due\), 0\)) from \( ?select (1|due) from (tasks|lanes) where .* limit [\d +]+\)$/,
    reason: 'counts what a search has found, up to a thousand',
  },
  ...['SCAN lane', 'SCAN (subquery-2)'].map((plan) => ({
    plan,
    of: /^select count\(\*\) from \( select 1 from \( .* limit 1000 \) as lane cross join tasks .* limit 1000 \)$/,
    reason: 'counts what is older in a thousand lanes, up to a thousand',
  })),
  {
    plan: 'SCAN lanes USING INDEX lanes_due',
    of: /^select count\(\*\) from \(select 1 from lanes where due > 0 limit 101\)$/,
    reason: 'whether there are more than a hundred lanes',
  },
  {
    plan: 'SCAN tasks USING COVERING INDEX tasks_scheduled',
    of: /^select run_after, id from tasks where due = 0 order by .* limit 1000$/,
    reason: 'the thousand that fall due first',
  },
  {
    plan: 'SCAN just_due',
    of: /^select count\(\*\) from \( select priority, id from tasks where .* limit 1000 \) as just_due /,
    reason: 'counts what a search has found, up to a thousand',
  },
];

/** The statement that looks for the oldest due task, at a bounded number of each kind of candidate. */
const OLDEST_DUE = /^ ?select min\(since\) from \(/;

export const SCRAPED: Scan[] = [
  {
    plan: 'SCAN totals',
    of: /^select "name", "count" from "totals"$/,
    reason: 'a row for each of a dozen names',
  },
  {
    plan: 'SCAN duration_totals',
    of: /^select "kind", "bucket", "count" from "duration_totals"$/,
    reason: 'a row per bucket',
  },
  {
    plan: 'SCAN json_each VIRTUAL TABLE INDEX 1:',
    of: /^select .* from "type_counts" where .* in \(select value from json_each\(\?\)\)$/,
    reason: 'the fifty types that are told apart',
  },
  {
    plan: 'SCAN lanes USING INDEX lanes_due',
    of: /^select "type", "compatibility" from "lanes" where due > 0 limit \?$/,
    reason: 'ten thousand lanes at most',
  },
  ...[
    'SCAN tasks USING COVERING INDEX tasks_scheduled',
    'SCAN (subquery-1)',
    'SCAN (subquery-3)',
    'SCAN lanes USING INDEX lanes_due',
    'SCAN lane',
  ].map((plan) => ({ plan, of: OLDEST_DUE, reason: 'a thousand candidates at most' })),
];

/** Every statement that the program prepares when it opens a storage: all it will ever run on tasks. */
export async function preparedStatements(): Promise<string[]> {
  const statements = new Set<string>();
  const { prepare } = Database.prototype;
  Database.prototype.prepare = function record(this: Database.Database, sql: string) {
    statements.add(sql);
    return prepare.call(this, sql);
  } as typeof prepare;
  try {
    await openInMemory(new ManualClock()).close();
  } finally {
    Database.prototype.prepare = prepare;
  }
  return [...statements];
}

/** How many values a statement is run with. */
const parametersOf = (sql: string): number => sql.replace(/'[^']*'/g, '').match(/\?/g)?.length ?? 0;

/** How SQLite will run a statement: the lines of its query plan. */
export function queryPlan(client: Database.Database, sql: string): string[] {
  const values = new Array(parametersOf(sql)).fill(null);
  const rows = client.prepare(`explain query plan ${sql}`).all(...values) as { detail: string }[];
  return rows.map(({ detail }) => detail);
}

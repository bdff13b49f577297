import { max, sql } from 'drizzle-orm';
import { TASK_STATUSES } from '../core/task.js';
import type { Connection } from '../db/sqlite/connection.js';
import { lanes, queueState, taskLogs, tasks, typeCounts } from '../db/sqlite/schema.js';
import type { Operation } from '../db/sqlite/transaction.js';

interface Orphan {
  table: string;
  /** Null for a table without row ids. */
  rowid: number | null;
  parent: string;
}

/** The damage that SQLite finds in the file; empty if it is sound. */
export const findDamage = ({ client }: Connection): string[] =>
  (client.pragma('integrity_check') as { integrity_check: string }[])
    .map((row) => row.integrity_check)
    .filter((problem) => problem !== 'ok');

/** Rows whose parent row is missing. */
export const findOrphans = ({ client }: Connection): string[] =>
  (client.pragma('foreign_key_check') as Orphan[]).map(
    ({ table, rowid, parent }) =>
      `${rowid === null ? 'a row' : `row ${rowid}`} of ${table} has no row in ${parent}`,
  );

/** A stored counter, and what its rows add up to. */
export interface Miscount {
  counter: string;
  kept: number;
  counted: number;
}

type Counts = Map<string, number>;

const count = sql<number>`count(*)`;

function compare(what: string, kept: Counts, counted: Counts): Miscount[] {
  const keys = [...new Set([...kept.keys(), ...counted.keys()])];
  return keys
    .map((key) => ({
      counter: `${what} ${key}`,
      kept: kept.get(key) ?? 0,
      counted: counted.get(key) ?? 0,
    }))
    .filter((both) => both.kept !== both.counted);
}

function statuses({ db }: Connection): Miscount[] {
  const state = db.select().from(queueState).get();
  const counted = db.select({ status: tasks.status, count }).from(tasks).groupBy(tasks.status).all();
  return compare(
    'tasks',
    new Map(TASK_STATUSES.map((status) => [status, state?.[status] ?? 0])),
    new Map(counted.map((row) => [row.status, row.count])),
  );
}

function types({ db }: Connection): Miscount[] {
  const kept = db.select().from(typeCounts).all();
  const counted = db
    .select({ type: tasks.type, status: tasks.status, count })
    .from(tasks)
    .groupBy(tasks.type, tasks.status)
    .all();
  const keyOf = (type: string, status: string) => `of type ${JSON.stringify(type)} ${status}`;
  return compare(
    'tasks',
    new Map(
      kept.flatMap((row) => TASK_STATUSES.map((status) => [keyOf(row.type, status), row[status]] as const)),
    ),
    new Map(counted.map((row) => [keyOf(row.type, row.status), row.count])),
  );
}

function dueTasks({ db }: Connection): Miscount[] {
  const counted = db
    .select({ type: tasks.type, priority: tasks.priority, compatibility: tasks.compatibility, due: count })
    .from(tasks)
    .where(sql`due = 1`)
    .groupBy(tasks.type, tasks.priority, tasks.compatibility)
    .all();
  const byLane = (rows: typeof counted): Counts =>
    new Map(rows.map((row) => [JSON.stringify([row.type, row.priority, row.compatibility]), row.due]));
  return compare('due tasks in lane', byLane(db.select().from(lanes).all()), byLane(counted));
}

/** The last revision must not be below the newest in use, or a change would reuse one. */
function revisions({ db }: Connection): Miscount[] {
  const kept = db.select({ revision: queueState.revision }).from(queueState).get()?.revision ?? 0;
  const ofTasks =
    db
      .select({ newest: max(tasks.revision) })
      .from(tasks)
      .get()?.newest ?? 0;
  const ofLogs =
    db
      .select({ newest: max(taskLogs.id) })
      .from(taskLogs)
      .get()?.newest ?? 0;
  const counted = Math.max(ofTasks, ofLogs);
  return kept < counted ? [{ counter: 'last revision', kept, counted }] : [];
}

/** Counts the rows, all in one snapshot, and returns the counters that differ. The time grows with the table. */
export function recount(connection: Connection): Miscount[] {
  return connection.client.transaction(() =>
    [statuses, types, dueTasks, revisions].flatMap((check) => check(connection)),
  )();
}

/** Averages of a type are kept, as they cannot be recomputed from rows. */
const RECOUNT = `
  update queue_state set
    queued = (select count(*) from tasks where status = 'queued'),
    processing = (select count(*) from tasks where status = 'processing'),
    completed = (select count(*) from tasks where status = 'completed'),
    failed = (select count(*) from tasks where status = 'failed')
  where id = 1;
  update type_counts set queued = 0, processing = 0, completed = 0, failed = 0;
  insert into type_counts (type, queued, processing, completed, failed)
    select type, sum(status = 'queued'), sum(status = 'processing'), sum(status = 'completed'), sum(status = 'failed')
    from tasks where true group by type
    on conflict (type) do update set queued = excluded.queued, processing = excluded.processing,
      completed = excluded.completed, failed = excluded.failed;
  update lanes set due = 0;
  insert into lanes (type, priority, compatibility, due, requirement)
    select type, priority, compatibility, count(*),
      case when length(compatibility) <= 100
        and (select count(*) = 1 and min(type not in ('null', 'array')) from json_each(compatibility))
      then substr(compatibility, 2, length(compatibility) - 2) else '' end
    from tasks where due = 1 group by type, priority, compatibility
    on conflict (type, priority, compatibility) do update set due = excluded.due;
`;

/** Recomputes the counters from the tasks. Returns those that were wrong. */
export const repairCounters = ((transaction) => () => {
  const miscounts = recount(transaction);
  if (miscounts.length === 0) return [];
  const { counted = 0, kept = 0 } = miscounts.find(({ counter }) => counter === 'last revision') ?? {};
  // One more than is missing, so that the commit is announced.
  transaction.allocateRevisions(counted - kept + 1);
  transaction.client.exec(RECOUNT);
  return miscounts;
}) satisfies Operation<null, Miscount[]>;

import { max, sql } from 'drizzle-orm';
import { TASK_STATUSES } from '../../core/task.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { lanes, queueState, taskLogs, tasks, typeCounts } from '../../db/sqlite/schema.js';
import type { Miscount } from '../audit.js';

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

/** The last revision given out: never less than the newest in use, or a change would take one that is. */
function revision({ db }: Connection): Miscount[] {
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

/** Counts the rows, all at one moment, and returns the counters that say something else. Takes as long as the table is large. */
export function recount(connection: Connection): Miscount[] {
  return connection.client.transaction(() =>
    [statuses, types, dueTasks, revision].flatMap((check) => check(connection)),
  )();
}

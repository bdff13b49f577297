import { asc, sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { lanes, tasks } from '../../db/sqlite/schema.js';
import { bound } from './bound.js';
import { laneReader } from './lane-cursor.js';
import { MAX_POSITION, type Place } from './queue-position.js';

type Key = readonly [first: number, id: number];

/** How many of the sorted keys come before this one. */
function countBefore(sorted: readonly Key[], [first, id]: Key): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const [a, b] = sorted[middle] as Key;
    if (a < first || (a === first && b < id)) from = middle + 1;
    else to = middle;
  }
  return from;
}

const byKey = (a: Key, b: Key): number => a[0] - b[0] || a[1] - b[1];

/** Computed at the first call. */
function lazy<T>(compute: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= compute();
    return value;
  };
}

/**
 * The fronts of the queue as they are at one moment, read when first asked for: from them the positions of any number of
 * tasks follow without another look at the database. Says the same as `queuePositionReader`, which is cheaper for a few.
 */
export function queuePositionBooks(connection: Connection): (now: number) => (task: Place) => number {
  const { db } = connection;
  const readLane = laneReader(connection);
  const readLanes = db
    .select({
      type: lanes.type,
      priority: lanes.priority,
      compatibility: lanes.compatibility,
      due: lanes.due,
    })
    .from(lanes)
    .where(sql`due > 0`)
    .orderBy(asc(lanes.priority), asc(lanes.id))
    .limit(MAX_POSITION)
    .prepare();
  const readJustDue = db
    .select({ priority: tasks.priority, id: tasks.id })
    .from(tasks)
    .where(sql`due = 0 and ${tasks.runAfter} <= ${bound('now')}`)
    .orderBy(asc(tasks.runAfter))
    .limit(MAX_POSITION)
    .prepare();
  const readScheduled = db
    .select({ runAfter: tasks.runAfter, id: tasks.id })
    .from(tasks)
    .where(sql`due = 0`)
    .orderBy(asc(tasks.runAfter), asc(tasks.id))
    .limit(MAX_POSITION)
    .prepare();

  return (now) => {
    const dueLanes = readLanes.all().map((lane) => {
      const ids = lazy(() => readLane(lane, 'oldest', null, MAX_POSITION).map((id): Key => [0, id]));
      return { ...lane, ids };
    });
    const justDue = lazy(() => (readJustDue.values({ now }) as [number, number][]).sort(byKey));
    const scheduled = lazy(() => readScheduled.values() as [number, number][]);

    const aheadOfDue = ({ id, priority }: Place): number => {
      let ahead = countBefore(justDue(), [priority, id]);
      for (const lane of dueLanes) {
        if (lane.priority > priority || ahead >= MAX_POSITION) break;
        ahead += lane.priority < priority ? lane.due : countBefore(lane.ids(), [0, id]);
      }
      return ahead;
    };
    const aheadOfScheduled = ({ id, runAfter }: Place): number =>
      dueLanes.reduce((sum, { due }) => sum + due, countBefore(scheduled(), [runAfter, id]));

    return (task) => Math.min(task.runAfter > now ? aheadOfScheduled(task) : aheadOfDue(task), MAX_POSITION);
  };
}

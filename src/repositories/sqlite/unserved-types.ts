import { sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { lanes, tasks, workers } from '../../db/sqlite/schema.js';
import type { JsonObject } from '../../domain/json.js';
import { meetsDemands } from '../../domain/matching.js';
import { bound } from './bound.js';
import { isLive } from './is-live.js';

/** Different demands, and scheduled tasks whose time has come, that are looked at. */
const MOST_LANES = 10_000;
const MOST_OVERDUE = 1_000;

interface Demand {
  type: string;
  /** JSON text of an object. */
  compatibility: string;
}

/** Says of a worker whether it takes such tasks. */
type Takes = (demand: Demand) => boolean;

function takesOf(types: string | null, capabilities: string): Takes {
  const names = types === null ? null : new Set<string>(JSON.parse(types));
  const offer = JSON.parse(capabilities) as JsonObject;
  return ({ type, compatibility }) =>
    (names === null || names.has(type)) &&
    (compatibility === '{}' || meetsDemands(offer, JSON.parse(compatibility)));
}

/** Counts the types that have due tasks which no live worker takes. */
export function unservedTypeCounter({ db }: Connection): (now: number) => number {
  const readDue = db
    .select({ type: lanes.type, compatibility: lanes.compatibility })
    .from(lanes)
    .where(sql`due > 0`)
    .limit(MOST_LANES)
    .prepare();
  // Only a claim moves these to their lanes; where nobody claims they stay.
  const readOverdue = db
    .select({ type: tasks.type, compatibility: tasks.compatibility })
    .from(tasks)
    .where(sql`due = 0 and ${tasks.runAfter} <= ${bound('now')}`)
    .orderBy(tasks.runAfter)
    .limit(MOST_OVERDUE)
    .prepare();
  const readWorkers = db.select().from(workers).prepare();

  return (now) => {
    const live = readWorkers.all().filter((worker) => isLive(worker, now));
    const takers = live.map(({ types, capabilities }) => takesOf(types, capabilities));
    const isUnserved = (demand: Demand): boolean => !takers.some((takes) => takes(demand));
    const demands = [...readDue.all(), ...readOverdue.all({ now })];
    return new Set(demands.filter(isUnserved).map(({ type }) => type)).size;
  };
}

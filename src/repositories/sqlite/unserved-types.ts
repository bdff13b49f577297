import { sql } from 'drizzle-orm';
import type { JsonObject } from '../../core/json.js';
import { CapabilitySet } from '../../core/workers.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { lanes, tasks, workers } from '../../db/sqlite/schema.js';
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
type Takes = (type: string, demands: JsonObject | null) => boolean;

function takesOf(types: string | null, capabilities: string): Takes {
  const names = types === null ? null : new Set<string>(JSON.parse(types));
  const offer = new CapabilitySet(JSON.parse(capabilities) as JsonObject);
  return (type, demands) => (names === null || names.has(type)) && (demands === null || offer.meets(demands));
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
    const unserved = new Set<string>();
    for (const { type, compatibility } of [...readDue.all(), ...readOverdue.all({ now })] as Demand[]) {
      if (unserved.has(type)) continue;
      const demands = compatibility === '{}' ? null : (JSON.parse(compatibility) as JsonObject);
      if (!takers.some((takes) => takes(type, demands))) unserved.add(type);
    }
    return unserved.size;
  };
}

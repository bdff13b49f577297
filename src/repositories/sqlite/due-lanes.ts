import { sql } from 'drizzle-orm';
import type { JsonObject } from '../../core/json.js';
import { CapabilitySet } from '../../core/workers.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { lanes } from '../../db/sqlite/schema.js';
import type { Claimer } from '../lease-repository.js';
import { lookupText } from './lane-requirement.js';

/** Due tasks of one type, priority and compatibility. */
export interface Lane {
  id: number;
  type: string;
  priority: number;
  compatibility: string;
  /** How many. */
  due: number;
}

type LaneRow = [...Parameters<typeof laneOf>];

const laneOf = (id: number, type: string, priority: number, compatibility: string, due: number): Lane => ({
  id,
  type,
  priority,
  compatibility,
  due,
});

/**
 * Walks the lanes that have something for a claimer, in no order. Only lanes are read that are found by a requirement which
 * the claimer meets: the cost grows with what is offered, not with the demands of other workers' tasks.
 */
export function dueLaneWalker({ client, db }: Connection): (claimer: Claimer) => Iterable<Lane> {
  const columns = { id: lanes.id, type: lanes.type, priority: lanes.priority };
  const select = (condition: string) => {
    const query = db
      .select({ ...columns, compatibility: lanes.compatibility, due: lanes.due })
      .from(lanes)
      .where(sql.raw(`due > 0 and ${condition}`))
      .toSQL();
    // Past drizzle, which reads all rows at once: who counts up to a number stops there.
    return client.prepare(query.sql).raw();
  };
  const met = 'requirement in (select value from json_each(?))';
  const ofAny = select(met);
  const ofTypes = select(`${met} and type in (select value from json_each(?))`);

  return function* walk({ types, capabilities }) {
    const offer = new CapabilitySet(capabilities);
    const requirements = JSON.stringify(['', ...[...offer.requirements].map(lookupText)]);
    const rows =
      types === null ? ofAny.iterate(requirements) : ofTypes.iterate(requirements, JSON.stringify(types));
    for (const row of rows as IterableIterator<LaneRow>) {
      const lane = laneOf(...row);
      if (lane.compatibility === '{}' || offer.meets(JSON.parse(lane.compatibility) as JsonObject))
        yield lane;
    }
  };
}

/** Finds the lanes that have something for a claimer, most urgent first. */
export function dueLaneFinder(connection: Connection): (claimer: Claimer) => Lane[] {
  const walk = dueLaneWalker(connection);
  return (claimer) => [...walk(claimer)].sort((a, b) => a.priority - b.priority || a.id - b.id);
}

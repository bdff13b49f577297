import { asc, desc, sql } from 'drizzle-orm';
import type { Random } from '../../core/clock.js';
import type { JsonObject } from '../../core/json.js';
import { CapabilitySet, type Strategy } from '../../core/workers.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { lanes, tasks } from '../../db/sqlite/schema.js';
import type { Claimer } from '../lease-repository.js';
import {
  type Lane,
  mergeLanes,
  pickByPriority,
  pickWeighted,
  type ReadFronts,
  type ReadLane,
} from '../shared/claim-order.js';
import { lookupText } from './counters/lane-counts.js';
import { bound } from './rows.js';

/** Chooses the due tasks of the given lanes to claim, in the order of the strategy. */
export function taskPicker(connection: Connection, random: Random) {
  const readers = { read: laneReader(connection), readFronts: laneFrontReader(connection) };
  return (lanes: readonly Lane[], strategy: Strategy, limit: number): number[] => {
    if (lanes.length === 0) return [];
    switch (strategy) {
      case 'priority':
        return pickByPriority(readers, lanes, limit);
      case 'fifo':
        return mergeLanes(readers, lanes, 'oldest', limit);
      case 'lifo':
        return mergeLanes(readers, lanes, 'newest', limit);
      case 'weighted_random':
        return pickWeighted(readers.read, lanes, limit, random);
    }
  };
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
 * Walks the lanes that have tasks for a claimer, in no order. Only reads lanes found by a requirement that the claimer
 * meets: the cost grows with its capabilities, not with the requirements of other workers' tasks.
 */
export function dueLaneWalker({ client, db }: Connection): (claimer: Claimer) => Iterable<Lane> {
  const columns = { id: lanes.id, type: lanes.type, priority: lanes.priority };
  const select = (condition: string) => {
    const query = db
      .select({ ...columns, compatibility: lanes.compatibility, due: lanes.due })
      .from(lanes)
      .where(sql.raw(`due > 0 and ${condition}`))
      .toSQL();
    // Bypasses drizzle, which reads all rows at once: a bounded count stops early.
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

/** Finds the lanes that have tasks for a claimer, most urgent first. */
export function dueLaneFinder(connection: Connection): (claimer: Claimer) => Lane[] {
  const walk = dueLaneWalker(connection);
  return (claimer) => [...walk(claimer)].sort((a, b) => a.priority - b.priority || a.id - b.id);
}

export function laneReader({ db }: Connection): ReadLane {
  const inLane = sql`due = 1 and ${tasks.type} = ${bound('type')} and ${tasks.priority} = ${bound('priority')} and ${tasks.compatibility} = ${bound('compatibility')}`;
  const select = () => db.select({ id: tasks.id }).from(tasks).$dynamic();
  const oldest = select()
    .where(sql`${inLane} and ${tasks.id} > ${bound('after')}`)
    .orderBy(asc(tasks.id))
    .limit(sql.placeholder('limit'))
    .prepare();
  const newest = select()
    .where(sql`${inLane} and ${tasks.id} < ${bound('after')}`)
    .orderBy(desc(tasks.id))
    .limit(sql.placeholder('limit'))
    .prepare();

  return (lane, direction, after, limit) => {
    const { type, priority, compatibility } = lane;
    const statement = direction === 'oldest' ? oldest : newest;
    const start = after ?? (direction === 'oldest' ? 0 : Number.MAX_SAFE_INTEGER);
    const rows = statement.values({ type, priority, compatibility, after: start, limit }) as [number][];
    return rows.map(([id]) => id);
  };
}

export function laneFrontReader({ client }: Connection): ReadFronts {
  const prepare = (order: 'asc' | 'desc') =>
    client
      .prepare(
        `select id, (
          select tasks.id from tasks
          where due = 1 and type = lanes.type and priority = lanes.priority and compatibility = lanes.compatibility
          order by tasks.id ${order} limit 1
        ) as front from lanes where id in (select value from json_each(?)) and front is not null`,
      )
      .raw();
  const statements = { oldest: prepare('asc'), newest: prepare('desc') };
  return (lanes, direction) =>
    new Map(statements[direction].all(JSON.stringify(lanes.map(({ id }) => id))) as [number, number][]);
}

import { asc, desc, sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks } from '../../db/sqlite/schema.js';
import { bound } from './bound.js';
import type { Lane } from './due-lanes.js';

export type Direction = 'oldest' | 'newest';

/** Reads ids of a lane's due tasks, in chunks. */
export type ReadLane = (
  lane: Omit<Lane, 'id' | 'due'>,
  direction: Direction,
  after: number | null,
  limit: number,
) => number[];

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

/** Reads the first id of each lane, by the lane's id, in one statement however many they are. */
export type ReadFronts = (lanes: readonly Lane[], direction: Direction) => Map<number, number>;

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

/** Walks one lane in order of id, reading ahead by a chunk. */
export class LaneCursor {
  readonly #read: ReadLane;
  readonly #lane: Lane;
  readonly #direction: Direction;
  readonly #chunk: number;
  #ids: number[] = [];
  #at = 0;
  #last: number | null = null;
  #ended = false;

  constructor(read: ReadLane, lane: Lane, direction: Direction, chunk: number) {
    this.#read = read;
    this.#lane = lane;
    this.#direction = direction;
    this.#chunk = chunk;
  }

  /** The next id, not yet taken; null at the end. */
  peek(): number | null {
    if (this.#at >= this.#ids.length && !this.#ended) this.#readChunk();
    return this.#ids[this.#at] ?? null;
  }

  take(): void {
    this.#at++;
  }

  #readChunk(): void {
    this.#ids = this.#read(this.#lane, this.#direction, this.#last, this.#chunk);
    this.#at = 0;
    this.#last = this.#ids.at(-1) ?? null;
    this.#ended = this.#ids.length < this.#chunk;
  }
}

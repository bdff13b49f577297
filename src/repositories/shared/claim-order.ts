import type { Random } from '../../core/clock.js';
import { drawWeight } from '../../core/workers.js';

/** Due tasks of one type, priority and compatibility. */
export interface Lane {
  id: number;
  type: string;
  priority: number;
  compatibility: string;
  due: number;
}

export type Direction = 'oldest' | 'newest';

/** Reads ids of a lane's due tasks, in chunks. */
export type ReadLane = (
  lane: Omit<Lane, 'id' | 'due'>,
  direction: Direction,
  after: number | null,
  limit: number,
) => number[];

/** Reads the first id of each lane, by the lane's id, in a single statement. */
export type ReadFronts = (lanes: readonly Lane[], direction: Direction) => Map<number, number>;

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

/** Tasks of one lane among which `weighted_random` draws: its oldest ones, so that a draw's cost is bounded. */
const DRAW_WINDOW = 1000;

interface Readers {
  read: ReadLane;
  readFronts: ReadFronts;
}

/** The lanes that hold the first `limit` ids: of many lanes, few qualify. */
function leading(
  readFronts: ReadFronts,
  lanes: readonly Lane[],
  direction: Direction,
  limit: number,
): Lane[] {
  const fronts = readFronts(lanes, direction);
  const sign = direction === 'oldest' ? 1 : -1;
  return lanes
    .filter(({ id }) => fronts.has(id))
    .sort((a, b) => sign * ((fronts.get(a.id) as number) - (fronts.get(b.id) as number)))
    .slice(0, limit);
}

/** The first `limit` ids of several lanes merged by id. */
export function mergeLanes(
  { read, readFronts }: Readers,
  all: readonly Lane[],
  direction: Direction,
  limit: number,
): number[] {
  const lanes = all.length > limit ? leading(readFronts, all, direction, limit) : all;
  const chunk = Math.ceil(limit / lanes.length) + (lanes.length > 1 ? 1 : 0);
  const cursors = lanes.map((lane) => new LaneCursor(read, lane, direction, chunk));
  const sign = direction === 'oldest' ? 1 : -1;
  const picked: number[] = [];
  while (picked.length < limit) {
    let best: LaneCursor | null = null;
    let bestId = Number.POSITIVE_INFINITY;
    for (const cursor of cursors) {
      const id = cursor.peek();
      if (id !== null && id * sign < bestId) {
        best = cursor;
        bestId = id * sign;
      }
    }
    if (!best) break;
    best.take();
    picked.push(bestId * sign);
  }
  return picked;
}

/** Most urgent priority first; within one priority, oldest first. `lanes` come ordered by priority. */
export function pickByPriority(readers: Readers, lanes: readonly Lane[], limit: number): number[] {
  const picked: number[] = [];
  for (let from = 0; from < lanes.length && picked.length < limit; ) {
    const priority = lanes[from]?.priority;
    const to = lanes.findIndex((lane, at) => at > from && lane.priority !== priority);
    const end = to === -1 ? lanes.length : to;
    picked.push(...mergeLanes(readers, lanes.slice(from, end), 'oldest', limit - picked.length));
    from = end;
  }
  return picked;
}

interface DrawnLane {
  lane: Lane;
  /** Tasks not yet drawn. */
  left: number;
  window: number[] | null;
}

const weightOf = ({ lane, left }: DrawnLane): number => left * drawWeight(lane.priority);

/** One lane, drawn in proportion to its weight; undefined if all are empty. */
function drawLane(entries: readonly DrawnLane[], random: Random): DrawnLane | undefined {
  let sum = 0;
  for (const entry of entries) sum += weightOf(entry);
  let point = random() * sum;
  let last: DrawnLane | undefined;
  for (const entry of entries) {
    if (entry.left <= 0) continue;
    point -= weightOf(entry);
    if (point < 0) return entry;
    last = entry;
  }
  return last;
}

/**
 * Draws without replacement, each due task with weight 1/(priority + 1): first a lane, by the number left in it times
 * the weight of one, then a task of it. This gives every task the same chance as drawing among all.
 */
export function pickWeighted(
  read: ReadLane,
  lanes: readonly Lane[],
  limit: number,
  random: Random,
): number[] {
  const entries: DrawnLane[] = lanes.map((lane) => ({ lane, left: lane.due, window: null }));
  const picked: number[] = [];
  for (
    let drawn = drawLane(entries, random);
    drawn && picked.length < limit;
    drawn = drawLane(entries, random)
  ) {
    drawn.window ??= read(drawn.lane, 'oldest', null, DRAW_WINDOW);
    picked.push(...drawn.window.splice(Math.floor(random() * drawn.window.length), 1));
    drawn.left = drawn.window.length === 0 ? 0 : drawn.left - 1;
  }
  return picked;
}

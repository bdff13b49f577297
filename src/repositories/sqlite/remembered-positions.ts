import { asc, sql } from 'drizzle-orm';
import type { Clock } from '../../core/clock.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks } from '../../db/sqlite/schema.js';
import { bound } from './bound.js';
import type { Place } from './queue-position.js';
import { type PositionBook, queuePositionBooks } from './queue-position-book.js';

/** Positions that are remembered before starting afresh. */
const MAX_POSITIONS = 10_000;

/** So many positions of one moment are counted one by one; for more it pays to read the fronts of the queue. */
const FEW = 3;

/** With more lanes than these, positions may be so many milliseconds old: each costs a look at every lane. */
const MANY_LANES = 100;
const KEPT_MS = 1_000;

interface Remembered {
  position: number;
  /** Of the task, when it was counted. */
  runAfter: number;
}

/**
 * Queue positions, remembered for as long as nothing changes them: no task was changed, and none has fallen due. However
 * many poll between two changes, the database is asked for a few of them. In a queue of many lanes, which costs more, they
 * are remembered for a second.
 */
export function rememberedPositions(connection: Connection, clock: Clock): (task: Place) => number {
  const openBook = queuePositionBooks(connection);
  const { client, db } = connection;
  const readRevision = client.prepare('select revision from queue_state where id = 1').pluck();
  const countLanes = client
    .prepare(`select count(*) from (select 1 from lanes where due > 0 limit ${MANY_LANES + 1})`)
    .pluck();
  const readNextDue = db
    .select({ at: tasks.runAfter })
    .from(tasks)
    .where(sql`due = 0 and ${tasks.runAfter} > ${bound('now')}`)
    .orderBy(asc(tasks.runAfter))
    .limit(1)
    .prepare();
  const positions = new Map<number, Remembered>();
  let book: PositionBook = () => 0;
  let revision = -1;
  let from = 0;
  let until = 0;
  let keptUntil = 0;

  /** Whether what is remembered still holds, or is kept although it may not. */
  const isKept = (now: number): boolean => {
    if (now < from || positions.size >= MAX_POSITIONS) return false;
    return now < keptUntil || (readRevision.get() === revision && now < until);
  };

  const beginAnew = (now: number): void => {
    positions.clear();
    revision = readRevision.get() as number;
    book = openBook(now);
    from = now;
    until = readNextDue.get({ now })?.at ?? Number.POSITIVE_INFINITY;
    keptUntil = (countLanes.get() as number) > MANY_LANES ? now + KEPT_MS : now;
  };

  return (task) => {
    const now = clock.now();
    if (!isKept(now)) beginAnew(now);
    const { id, runAfter } = task;
    const known = positions.get(id);
    if (known?.runAfter === runAfter) return known.position;
    const position = book(task, positions.size >= FEW);
    positions.set(id, { position, runAfter });
    return position;
  };
}

import { asc, sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks } from '../../db/sqlite/schema.js';
import type { Clock } from '../../domain/clock.js';
import { bound } from './bound.js';
import { type Place, queuePositionReader } from './queue-position.js';
import { queuePositionBooks } from './queue-position-book.js';

/** Positions that are remembered before starting afresh. */
const MAX_POSITIONS = 10_000;

/** So many positions of one moment are counted one by one; for more it pays to read the fronts of the queue. */
const FEW = 3;

/**
 * Queue positions, remembered for as long as nothing changes them: no task was changed, and none has fallen due. However
 * many poll between two changes, the database is asked for a few of them.
 */
export function rememberedPositions(connection: Connection, clock: Clock): (task: Place) => number {
  const count = queuePositionReader(connection, clock);
  const openBook = queuePositionBooks(connection);
  const readRevision = connection.client.prepare('select revision from queue_state where id = 1').pluck();
  const readNextDue = connection.db
    .select({ at: tasks.runAfter })
    .from(tasks)
    .where(sql`due = 0 and ${tasks.runAfter} > ${bound('now')}`)
    .orderBy(asc(tasks.runAfter))
    .limit(1)
    .prepare();
  const positions = new Map<number, number>();
  let book: ((task: Place) => number) | null = null;
  let revision = -1;
  let from = 0;
  let until = 0;

  const forgetWhatChanged = (now: number): void => {
    const current = readRevision.get() as number;
    if (current === revision && from <= now && now < until && positions.size < MAX_POSITIONS) return;
    positions.clear();
    book = null;
    revision = current;
    from = now;
    until = readNextDue.get({ now })?.at ?? Number.POSITIVE_INFINITY;
  };

  const find = (task: Place, now: number): number => {
    if (positions.size < FEW) return count(task);
    book ??= openBook(now);
    return book(task);
  };

  return (task) => {
    const now = clock.now();
    forgetWhatChanged(now);
    const position = positions.get(task.id) ?? find(task, now);
    positions.set(task.id, position);
    return position;
  };
}

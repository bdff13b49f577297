import { asc, sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks } from '../../db/sqlite/schema.js';
import type { Clock } from '../../domain/clock.js';
import { bound } from './bound.js';
import { type Place, queuePositionReader } from './queue-position.js';

/** Positions that are remembered before starting afresh. */
const MAX_POSITIONS = 10_000;

/**
 * Queue positions, counted once for as long as nothing changes them: no task was changed, and none has fallen due.
 * Where many poll a queue that stands still, they cost one number each.
 */
export function rememberedPositions(connection: Connection, clock: Clock): (task: Place) => number {
  const count = queuePositionReader(connection, clock);
  const readRevision = connection.client.prepare('select revision from queue_state where id = 1').pluck();
  const readNextDue = connection.db
    .select({ at: tasks.runAfter })
    .from(tasks)
    .where(sql`due = 0 and ${tasks.runAfter} > ${bound('now')}`)
    .orderBy(asc(tasks.runAfter))
    .limit(1)
    .prepare();
  const positions = new Map<number, number>();
  let revision = -1;
  let from = 0;
  let until = 0;

  const forgetWhatChanged = (): void => {
    const now = clock.now();
    const current = readRevision.get() as number;
    if (current === revision && from <= now && now < until && positions.size < MAX_POSITIONS) return;
    positions.clear();
    revision = current;
    from = now;
    until = readNextDue.get({ now })?.at ?? Number.POSITIVE_INFINITY;
  };

  return (task) => {
    forgetWhatChanged();
    const position = positions.get(task.id) ?? count(task);
    positions.set(task.id, position);
    return position;
  };
}

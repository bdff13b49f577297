import { asc, sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { lanes, tasks } from '../../db/sqlite/schema.js';
import type { StoredTask } from '../../domain/stored-task.js';
import { bound } from './bound.js';

/** Positions are counted so far; whoever is further back is told this. */
export const MAX_POSITION = 1000;

type Place = Pick<StoredTask, 'id' | 'priority' | 'runAfter'>;

/** Adds up `counts` until there are {@link MAX_POSITION}. */
function sumUpTo(counts: Iterable<number>): number {
  let sum = 0;
  for (const count of counts) {
    sum += count;
    if (sum >= MAX_POSITION) return MAX_POSITION;
  }
  return sum;
}

/**
 * Counts the tasks that would be claimed before a queued one, in the order of priority and id: of a due task, the due
 * tasks ahead of it; of a scheduled one, all due tasks and those that fall due before it. Lanes know how many tasks they
 * have, so that only the task's own priority is counted one by one, and nothing is read past the maximum.
 */
export function queuePositionReader({ db }: Connection): (task: Place) => number {
  const limit = sql.raw(String(MAX_POSITION));
  const moreUrgent = db
    .select({ due: lanes.due })
    .from(lanes)
    .where(sql`due > 0 and ${lanes.priority} < ${bound('priority')}`)
    .orderBy(asc(lanes.priority), asc(lanes.id))
    .limit(MAX_POSITION)
    .prepare();
  const sameUrgency = db
    .select({ type: lanes.type, compatibility: lanes.compatibility })
    .from(lanes)
    .where(sql`due > 0 and ${lanes.priority} = ${bound('priority')}`)
    .orderBy(asc(lanes.id))
    .limit(MAX_POSITION)
    .prepare();
  const olderInLane = db
    .select({ count: sql<number>`count(*)` })
    .from(
      sql`(select 1 from tasks where due = 1 and type = ${bound('type')} and priority = ${bound('priority')} and compatibility = ${bound('compatibility')} and id < ${bound('id')} limit ${limit})`,
    )
    .prepare();
  const scheduledBefore = db
    .select({ count: sql<number>`count(*)` })
    .from(
      sql`(select 1 from tasks where due = 0 and (run_after, id) < (${bound('runAfter')}, ${bound('id')}) limit ${limit})`,
    )
    .prepare();
  const isScheduled = db
    .select({ due: tasks.due })
    .from(tasks)
    .where(sql`${tasks.id} = ${bound('id')}`)
    .prepare();

  function* aheadOfDue({ id, priority }: Place): Generator<number> {
    for (const { due } of moreUrgent.all({ priority })) yield due;
    for (const lane of sameUrgency.all({ priority }))
      yield olderInLane.get({ ...lane, priority, id })?.count ?? 0;
  }

  function* aheadOfScheduled({ id, runAfter }: Place): Generator<number> {
    for (const { due } of moreUrgent.all({ priority: Number.MAX_SAFE_INTEGER })) yield due;
    yield scheduledBefore.get({ id, runAfter })?.count ?? 0;
  }

  return (task) => {
    const scheduled = isScheduled.get({ id: task.id })?.due === 0;
    return sumUpTo(scheduled ? aheadOfScheduled(task) : aheadOfDue(task));
  };
}

import { asc, sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { lanes } from '../../db/sqlite/schema.js';
import type { Clock } from '../../domain/clock.js';
import type { StoredTask } from '../../domain/stored-task.js';
import { bound } from './bound.js';

/** Positions are counted so far; whoever is further back is told this. */
export const MAX_POSITION = 1000;

/** What of a task decides its place. */
export type Place = Pick<StoredTask, 'id' | 'priority' | 'runAfter'>;

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
 * have, so that only the task's own priority is counted one by one, and nothing is read past the maximum. What has
 * fallen due since the last claim is in no lane yet; the first thousand of it are counted one by one too.
 */
export function queuePositionReader({ db }: Connection, clock: Clock): (task: Place) => number {
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
  const justDueBefore = db
    .select({ count: sql<number>`count(*)` })
    .from(
      sql`(select priority, id from tasks where due = 0 and run_after <= ${bound('now')} order by run_after limit ${limit}) as just_due`,
    )
    .where(sql`(just_due.priority, just_due.id) < (${bound('priority')}, ${bound('id')})`)
    .prepare();

  function* aheadOfDue({ id, priority }: Place, now: number): Generator<number> {
    yield justDueBefore.get({ id, priority, now })?.count ?? 0;
    for (const { due } of moreUrgent.all({ priority })) yield due;
    for (const lane of sameUrgency.all({ priority }))
      yield olderInLane.get({ ...lane, priority, id })?.count ?? 0;
  }

  function* aheadOfScheduled({ id, runAfter }: Place): Generator<number> {
    for (const { due } of moreUrgent.all({ priority: Number.MAX_SAFE_INTEGER })) yield due;
    yield scheduledBefore.get({ id, runAfter })?.count ?? 0;
  }

  return (task) => {
    const now = clock.now();
    return sumUpTo(task.runAfter > now ? aheadOfScheduled(task) : aheadOfDue(task, now));
  };
}

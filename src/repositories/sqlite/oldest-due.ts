import type { Connection } from '../../db/sqlite/connection.js';

/** Tasks, and lanes, that are looked at. */
const MOST = 1_000;

/**
 * No index has due tasks by how long they wait, and none is worth its cost on every enqueue. So the candidates are: the
 * scheduled task whose time came first, the oldest queued ones, and the first of each lane. Somebody else may have
 * waited longer only behind more than a thousand older tasks that have not; the age is never too great.
 */
const OLDEST_DUE = `
  select min(since) from (
    select since from (select run_after as since from tasks where due = 0 order by run_after limit 1)
    where since <= ?
    union all
    select max(run_after, created_at) from (
      select run_after, created_at from tasks where status = 'queued' order by id limit ${MOST}
    ) where run_after <= ?
    union all
    select max(run_after, created_at) from (
      select (
        select id from tasks
        where due = 1 and type = lane.type and priority = lane.priority and compatibility = lane.compatibility
        order by id limit 1
      ) as first
      from (select type, priority, compatibility from lanes where due > 0 limit ${MOST}) as lane
    ) join tasks on tasks.id = first
  )`;

/** Reads when the task fell due that has waited longest; null when none is due. */
export function oldestDueReader({ client }: Connection): (now: number) => number | null {
  const read = client.prepare(OLDEST_DUE).pluck();
  return (now) => read.get(now, now) as number | null;
}

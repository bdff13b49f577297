import type { StoredTask } from '../../core/task.js';
import type { Connection } from '../../db/sqlite/connection.js';

/** Positions are counted so far; tasks further back have this one. */
export const MAX_POSITION = 1000;

/** What of a task decides its place. */
export type Place = Pick<StoredTask, 'id' | 'priority' | 'runAfter'>;

/** A number that decides first, then an id. */
type Key = [first: number, id: number];

/** The due tasks among the queued ones with the lowest ids. */
export interface OldestQueued {
  /** By priority, in order; the first number is 0. */
  ids: Map<number, Key[]>;
  /** The id up to which these are all; infinite where no more are queued. */
  upTo: number;
}

const byKey = (a: Key, b: Key): number => a[0] - b[0] || a[1] - b[1];

/**
 * What queue positions are made of. Each statement looks at {@link MAX_POSITION} lanes and as many tasks at most,
 * whatever is queued.
 */
export function positionParts({ client }: Connection) {
  const prepare = (text: string) => client.prepare(text.replaceAll(':most', String(MAX_POSITION)));
  const moreUrgent = prepare(
    `select coalesce(sum(due), 0) from (
      select due from lanes where due > 0 and priority < ? order by priority, id limit :most
    )`,
  ).pluck();
  const olderInLanes = prepare(
    `select count(*) from (
      select 1 from (
        select type, priority, compatibility from lanes where due > 0 and priority = ? order by id limit :most
      ) as lane cross join tasks on due = 1 and tasks.type = lane.type and tasks.priority = lane.priority
        and tasks.compatibility = lane.compatibility and tasks.id < ?
      limit :most
    )`,
  ).pluck();
  const lanesOfPriority = prepare(
    'select count(*) from (select 1 from lanes where due > 0 and priority = ? limit :most + 1)',
  ).pluck();
  const oldestQueued = prepare(
    "select id, due, priority from tasks where status = 'queued' order by id limit :most",
  ).raw();
  const scheduledBefore = prepare(
    'select count(*) from (select 1 from tasks where due = 0 and (run_after, id) < (?, ?) limit :most)',
  ).pluck();
  const scheduled = prepare(
    'select run_after, id from tasks where due = 0 order by run_after, id limit :most',
  ).raw();
  const justDueBefore = prepare(
    `select count(*) from (
      select priority, id from tasks where due = 0 and run_after <= ? order by run_after limit :most
    ) as just_due where (just_due.priority, just_due.id) < (?, ?)`,
  ).pluck();
  const justDue = prepare(
    'select priority, id from tasks where due = 0 and run_after <= ? order by run_after limit :most',
  ).raw();

  return {
    /** Due tasks that are more urgent than this priority. */
    moreUrgent: (priority: number) => moreUrgent.get(priority) as number,
    /** Due tasks of the place's priority before it, in the oldest lanes of that priority. */
    olderInLanes: ({ priority, id }: Place) => olderInLanes.get(priority, id) as number,
    /** Whether those are not all of its lanes. */
    hasMoreLanesOf: (priority: number) => (lanesOfPriority.get(priority) as number) > MAX_POSITION,
    /** Tasks that fall due before it. */
    scheduledBefore: ({ runAfter, id }: Place) => scheduledBefore.get(runAfter, id) as number,
    /** The tasks that fall due first, by that instant. */
    scheduled: () => scheduled.all() as Key[],
    /** What goes before it and has fallen due since the last claim, and so is in no lane yet. */
    justDueBefore: ({ priority, id }: Place, now: number) => justDueBefore.get(now, priority, id) as number,
    /** The same tasks, by priority. */
    justDue: (now: number) => (justDue.all(now) as Key[]).sort(byKey),
    oldestQueued(): OldestQueued {
      const rows = oldestQueued.all() as [id: number, due: number, priority: number][];
      const ids = new Map<number, Key[]>();
      for (const [id, due, priority] of rows) {
        if (due === 0) continue;
        const known = ids.get(priority);
        if (known) known.push([0, id]);
        else ids.set(priority, [[0, id]]);
      }
      const last = rows.length === MAX_POSITION ? rows.at(-1) : undefined;
      return { ids, upTo: last ? last[0] : Number.POSITIVE_INFINITY };
    },
  };
}

import { asc, sql } from 'drizzle-orm';
import type { Clock } from '../../core/clock.js';
import type { StoredTask } from '../../core/task.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks } from '../../db/sqlite/schema.js';
import { bound } from './rows.js';

/** Size at which the cache of positions is cleared. */
const MAX_POSITIONS = 10_000;

/**
 * Up to this many positions of one moment are counted one by one; beyond, reading the fronts of the queue is cheaper.
 */
const FEW = 3;

/** With more lanes than this, positions may be this many milliseconds old: each one takes a look at every lane. */
const MANY_LANES = 100;
const KEPT_MS = 1_000;

interface CachedPosition {
  position: number;
  /** The task's, when it was counted. */
  runAfter: number;
}

/**
 * Queue positions, cached while nothing changes them: no task was changed, and none has fallen due. However many
 * clients poll between two changes, only a few positions are read from the database. In a queue of many lanes, where
 * they cost more, they are cached for a second.
 */
export function cachedPositions(connection: Connection, clock: Clock): (task: QueuedTaskKey) => number {
  const openIndex = queuePositionIndexes(connection);
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
  const positions = new Map<number, CachedPosition>();
  let index: PositionIndex = () => 0;
  let revision = -1;
  let from = 0;
  let until = 0;
  let keptUntil = 0;

  /** Whether the cached positions still hold, or are kept although they may not. */
  const isKept = (now: number): boolean => {
    if (now < from || positions.size >= MAX_POSITIONS) return false;
    return now < keptUntil || (readRevision.get() === revision && now < until);
  };

  const reset = (now: number): void => {
    positions.clear();
    revision = readRevision.get() as number;
    index = openIndex(now);
    from = now;
    until = readNextDue.get({ now })?.at ?? Number.POSITIVE_INFINITY;
    keptUntil = (countLanes.get() as number) > MANY_LANES ? now + KEPT_MS : now;
  };

  return (task) => {
    const now = clock.now();
    if (!isKept(now)) reset(now);
    const { id, runAfter } = task;
    const known = positions.get(id);
    if (known?.runAfter === runAfter) return known.position;
    const position = index(task, positions.size >= FEW);
    positions.set(id, { position, runAfter });
    return position;
  };
}

type SortKey = readonly [first: number, id: number];

/** Number of the sorted keys before this one. */
function countBefore(sorted: readonly SortKey[], [first, id]: SortKey): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const [a, b] = sorted[middle] as SortKey;
    if (a < first || (a === first && b < id)) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Computed at the first call. */
function lazy<T>(compute: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= compute();
    return value;
  };
}

/** Positions at one moment. `isOneOfMany`: reading the fronts of the queue is cheaper than counting for one task. */
export type PositionIndex = (task: QueuedTaskKey, isOneOfMany: boolean) => number;

/**
 * Counts the tasks that would be claimed before a queued one, in the order of priority and id: for a due task, the due
 * tasks ahead of it; for a scheduled one, all due tasks and those that fall due before it. Lanes store their number of
 * tasks, so that only the task's own priority is counted one by one. Reads stop at the maximum: in a queue of more than
 * {@link MAX_POSITION} lanes of one priority, the position follows from the oldest of them and the oldest tasks.
 */
export function queuePositionIndexes(connection: Connection): (now: number) => PositionIndex {
  const parts = positionParts(connection);

  return (now) => {
    const urgent = new Map<number, number>();
    const oldest = lazy(parts.oldestQueued);
    const justDue = lazy(() => parts.justDue(now));
    const scheduled = lazy(parts.scheduled);

    const moreUrgent = (priority: number): number => {
      const known = urgent.get(priority) ?? parts.moreUrgent(priority);
      urgent.set(priority, known);
      return known;
    };

    const among = ({ ids }: ReturnType<typeof oldest>, { id, priority }: QueuedTaskKey): number =>
      countBefore(ids.get(priority) ?? [], [0, id]);

    const olderCounted = (task: QueuedTaskKey): number => {
      const inLanes = parts.olderInLanes(task);
      if (inLanes >= MAX_POSITION || !parts.hasMoreLanesOf(task.priority)) return inLanes;
      return Math.max(inLanes, among(oldest(), task));
    };

    const older = (task: QueuedTaskKey, isOneOfMany: boolean): number => {
      if (!isOneOfMany) return olderCounted(task);
      const ahead = among(oldest(), task);
      return task.id <= oldest().upTo || ahead >= MAX_POSITION ? ahead : Math.max(ahead, olderCounted(task));
    };

    const aheadOfDue = (task: QueuedTaskKey, isOneOfMany: boolean): number => {
      const { priority, id } = task;
      const ahead =
        (isOneOfMany ? countBefore(justDue(), [priority, id]) : parts.justDueBefore(task, now)) +
        moreUrgent(priority);
      return ahead >= MAX_POSITION ? ahead : ahead + older(task, isOneOfMany);
    };

    const aheadOfScheduled = (task: QueuedTaskKey, isOneOfMany: boolean): number =>
      moreUrgent(Number.MAX_SAFE_INTEGER) +
      (isOneOfMany ? countBefore(scheduled(), [task.runAfter, task.id]) : parts.scheduledBefore(task));

    return (task, isOneOfMany) => {
      const count = task.runAfter > now ? aheadOfScheduled : aheadOfDue;
      return Math.min(count(task, isOneOfMany), MAX_POSITION);
    };
  };
}

/** The count stops here; tasks further back have this position. */
export const MAX_POSITION = 1000;

/** The fields that decide a task's position. */
export type QueuedTaskKey = Pick<StoredTask, 'id' | 'priority' | 'runAfter'>;

/** Ordered by the number, then by the id. */
type Key = [first: number, id: number];

/** The due tasks among the queued ones with the lowest ids. */
export interface OldestQueued {
  /** By priority, in order; the first number is 0. */
  ids: Map<number, Key[]>;
  /** The id up to which these are all; infinite if no more are queued. */
  upTo: number;
}

const byKey = (a: Key, b: Key): number => a[0] - b[0] || a[1] - b[1];

/**
 * The counts that make up queue positions. Each statement looks at {@link MAX_POSITION} lanes and as many tasks at
 * most, whatever is queued.
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
    moreUrgent: (priority: number) => moreUrgent.get(priority) as number,
    /** Due tasks of its priority before it, in the oldest lanes of that priority. */
    olderInLanes: ({ priority, id }: QueuedTaskKey) => olderInLanes.get(priority, id) as number,
    /** Whether its priority has more lanes than those. */
    hasMoreLanesOf: (priority: number) => (lanesOfPriority.get(priority) as number) > MAX_POSITION,
    /** Tasks that fall due before it. */
    scheduledBefore: ({ runAfter, id }: QueuedTaskKey) => scheduledBefore.get(runAfter, id) as number,
    /** The scheduled tasks that fall due first, in that order. */
    scheduled: () => scheduled.all() as Key[],
    /** Tasks before it that have fallen due since the last claim, and so are in no lane yet. */
    justDueBefore: ({ priority, id }: QueuedTaskKey, now: number) =>
      justDueBefore.get(now, priority, id) as number,
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

import type { Connection } from '../../db/sqlite/connection.js';
import { MAX_POSITION, type Place, positionParts } from './queue-position.js';

type Key = readonly [first: number, id: number];

/** How many of the sorted keys come before this one. */
function countBefore(sorted: readonly Key[], [first, id]: Key): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const [a, b] = sorted[middle] as Key;
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

/** Positions at one moment. `isOneOfMany`: it pays to read the fronts of the queue instead of counting for one task. */
export type PositionBook = (task: Place, isOneOfMany: boolean) => number;

/**
 * Counts the tasks that would be claimed before a queued one, in the order of priority and id: of a due task, the due
 * tasks ahead of it; of a scheduled one, all due tasks and those that fall due before it. Lanes know how many tasks they
 * have, so that only the task's own priority is counted one by one. Nothing is read past the maximum: in a queue of more
 * than {@link MAX_POSITION} lanes of one priority, the position is what the oldest of them and the oldest tasks show.
 */
export function queuePositionBooks(connection: Connection): (now: number) => PositionBook {
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

    const among = ({ ids }: ReturnType<typeof oldest>, { id, priority }: Place): number =>
      countBefore(ids.get(priority) ?? [], [0, id]);

    const olderCounted = (task: Place): number => {
      const inLanes = parts.olderInLanes(task);
      if (inLanes >= MAX_POSITION || !parts.hasMoreLanesOf(task.priority)) return inLanes;
      return Math.max(inLanes, among(oldest(), task));
    };

    const older = (task: Place, isOneOfMany: boolean): number => {
      if (!isOneOfMany) return olderCounted(task);
      const ahead = among(oldest(), task);
      return task.id <= oldest().upTo || ahead >= MAX_POSITION ? ahead : Math.max(ahead, olderCounted(task));
    };

    const aheadOfDue = (task: Place, isOneOfMany: boolean): number => {
      const { priority, id } = task;
      const ahead =
        (isOneOfMany ? countBefore(justDue(), [priority, id]) : parts.justDueBefore(task, now)) +
        moreUrgent(priority);
      return ahead >= MAX_POSITION ? ahead : ahead + older(task, isOneOfMany);
    };

    const aheadOfScheduled = (task: Place, isOneOfMany: boolean): number =>
      moreUrgent(Number.MAX_SAFE_INTEGER) +
      (isOneOfMany ? countBefore(scheduled(), [task.runAfter, task.id]) : parts.scheduledBefore(task));

    return (task, isOneOfMany) => {
      const count = task.runAfter > now ? aheadOfScheduled : aheadOfDue;
      return Math.min(count(task, isOneOfMany), MAX_POSITION);
    };
  };
}

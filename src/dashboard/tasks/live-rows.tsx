import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Page } from '../../client/index.js';
import { queue, type Task } from '../api/client.js';
import { keys, type ListFilter } from '../api/queries.js';
import type { TaskChange } from '../live/change-stream.js';
import { useChanges } from '../live/live-updates.js';

/** Most new tasks counted one by one. */
export const MAX_ARRIVED = 1_000;

/** Replaces tasks of a page by their new versions. */
const updated = (page: Page<Task>, tasks: readonly Task[]): Page<Task> => {
  const fresh = new Map(tasks.map((task) => [task.taskId as number, task]));
  return { ...page, items: page.items.map((task) => fresh.get(task.taskId) ?? task) };
};

/** Whether a new task would be on the first page. */
const isWanted = (
  { status, type, failureReason, idempotencyKey, ids, cursor }: ListFilter,
  change: TaskChange,
): boolean =>
  !cursor &&
  !failureReason &&
  !ids &&
  !idempotencyKey &&
  (status === undefined || change.status === status) &&
  (type === undefined || change.type === type);

const joined = (old: ReadonlySet<number>, added: readonly TaskChange[]): ReadonlySet<number> =>
  old.size >= MAX_ARRIVED ? old : new Set([...old, ...added.map(({ taskId }) => taskId)]);

/** Refreshes rows, one request at a time; rows that change meanwhile are in the next. */
function useRowReader(filter: ListFilter): (ids: readonly number[]) => Promise<void> {
  const client = useQueryClient();
  const pending = useRef(new Set<number>());
  const isReading = useRef(false);
  return async (ids) => {
    for (const id of ids) pending.current.add(id);
    if (isReading.current) return;
    isReading.current = true;
    try {
      while (pending.current.size > 0) {
        const asked = [...pending.current];
        pending.current.clear();
        const tasks = await queue.getMany(asked);
        client.setQueryData<Page<Task>>(keys.tasks(filter), (old) => old && updated(old, tasks));
      }
    } catch {
      // The page already shows the lost connection; after a reconnect all rows are read.
    } finally {
      isReading.current = false;
    }
  };
}

/**
 * Keeps the rows of a page up to date, and counts the tasks that have arrived since: inserting them would move rows
 * under the pointer. The count stops at a thousand.
 */
export function useLiveRows(filter: ListFilter, page: Page<Task> | undefined) {
  const [arrived, setArrived] = useState<ReadonlySet<number>>(new Set());
  const newest = page?.items[0]?.taskId ?? 0;
  const refreshRows = useRowReader(filter);
  const firstIds = page?.items.map(({ taskId }) => taskId).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows read include the new ones
  useEffect(() => setArrived(new Set()), [firstIds]);

  useChanges(({ changes, isWhole }) => {
    if (!page) return;
    const changed = new Set(changes.map(({ taskId }) => taskId));
    const rows = page.items.map(({ taskId }) => taskId as number);
    void refreshRows(rows.filter((id) => !isWhole || changed.has(id)));
    const added = changes.filter((change) => change.taskId > newest && isWanted(filter, change));
    if (added.length > 0) setArrived((old) => joined(old, added));
  });
  return arrived.size;
}

function newTasks(count: number): string {
  if (count >= MAX_ARRIVED) return 'Show more than 1,000 new tasks';
  return count === 1 ? 'Show 1 new task' : `Show ${count} new tasks`;
}

/** A button with the number of new tasks that loads them. */
export function ArrivedTasks({ count, onShow }: { count: number; onShow(): void }) {
  return (
    <div role="status" className="arrived">
      {count > 0 && (
        <button type="button" className="button small-button" onClick={onShow}>
          {newTasks(count)}
        </button>
      )}
    </div>
  );
}

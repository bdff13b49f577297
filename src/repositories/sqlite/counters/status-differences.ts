import { TASK_STATUSES, type TaskStatus } from '../../../core/task.js';

/** How many tasks more, or less, are in each status. */
export type StatusDifferences = Record<TaskStatus, number>;

export const noDifference = (): StatusDifferences => ({ queued: 0, processing: 0, completed: 0, failed: 0 });

export function move(differences: StatusDifferences, from: TaskStatus | null, to: TaskStatus | null): void {
  if (from) differences[from] -= 1;
  if (to) differences[to] += 1;
}

export const differ = (differences: StatusDifferences): boolean =>
  TASK_STATUSES.some((status) => differences[status] !== 0);

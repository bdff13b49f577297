import type { TaskStatus } from '../domain/task-status.js';
import type { Wants } from './changes/change-hub.js';

export interface ChangeFilter {
  status?: TaskStatus;
  type?: string;
  ids?: number[];
}

/**
 * Whether a change is of a task that now has this type and status, and is one of these; undefined where every change is
 * wanted.
 */
export function wantsOf({ status, type, ids }: ChangeFilter): Wants | undefined {
  if (status === undefined && type === undefined && ids === undefined) return undefined;
  const among = ids && new Set(ids);
  return (change) =>
    (type === undefined || change.type === type) &&
    (status === undefined || change.status === status) &&
    (among === undefined || among.has(change.id));
}

import type { TaskStatus } from '../domain/task-status.js';
import type { Wants } from './changes/change-hub.js';

export interface ChangeFilter {
  status?: TaskStatus;
  type?: string;
}

/** Whether a change is of a task that now has this type and status; undefined where every change is wanted. */
export function wantsOf({ status, type }: ChangeFilter): Wants | undefined {
  if (status === undefined && type === undefined) return undefined;
  return (change) =>
    (type === undefined || change.type === type) && (status === undefined || change.status === status);
}

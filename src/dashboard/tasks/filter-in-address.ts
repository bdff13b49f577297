import type { TaskStatus } from '../../client/index.js';
import type { TaskFilter } from '../api/task-filter.js';

/** Where in the address each part of the filter stands. */
const NAMES = { status: 'status', type: 'type', idempotencyKey: 'key', ids: 'id', cursor: 'cursor' } as const;

const STATUSES: Record<TaskStatus, true> = { queued: true, processing: true, completed: true, failed: true };

export const STATUS_NAMES = Object.keys(STATUSES) as TaskStatus[];

/** `1, 2 3` → the ids; whatever is no id is left out. */
function idsOf(text: string): number[] {
  const ids = text.split(/[\s,#]+/).map(Number);
  return [...new Set(ids.filter((id) => Number.isSafeInteger(id) && id > 0))];
}

/** The filter that an address holds. */
export function filterOf(search: URLSearchParams): TaskFilter {
  const text = (part: keyof typeof NAMES) => search.get(NAMES[part])?.trim() || undefined;
  const ids = text('ids');
  return {
    status: STATUS_NAMES.find((status) => status === text('status')),
    type: text('type'),
    idempotencyKey: text('idempotencyKey'),
    ids: ids === undefined ? undefined : idsOf(ids),
    cursor: text('cursor'),
  };
}

/** What to put into the address for the filter. */
export function searchOf({ ids, ...filter }: TaskFilter): URLSearchParams {
  const search = new URLSearchParams();
  for (const [part, name] of Object.entries(NAMES)) {
    const value = part === 'ids' ? ids?.join(',') : filter[part as Exclude<keyof typeof NAMES, 'ids'>];
    if (value !== undefined && value !== '') search.set(name, value);
  }
  return search;
}

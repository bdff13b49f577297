import type { BulkAction, BulkFilter, TaskStatus } from '../../client/index.js';
import type { TaskFilter } from '../api/task-filter.js';

/** What the server takes as a filter; types are any. */
export type Filter = BulkFilter<Record<string, never>>;

export const BULK_WORDS: Record<BulkAction, { name: string; did: string; consequence: string }> = {
  cancel: {
    name: 'Cancel',
    did: 'cancelled',
    consequence:
      'They become failed, and handlers that run are told to end. Nothing brings them back but a retry.',
  },
  retry: {
    name: 'Retry',
    did: 'queued again',
    consequence: 'They are queued again with fresh attempts. Results and errors that they have are dropped.',
  },
  delete: {
    name: 'Delete',
    did: 'deleted',
    consequence: 'They are gone for good, with their logs and their results. Nothing brings them back.',
  },
};

const ACTIONS_OF: Record<TaskStatus | 'any', BulkAction[]> = {
  any: ['cancel', 'retry', 'delete'],
  queued: ['cancel'],
  processing: ['cancel'],
  completed: ['retry', 'delete'],
  failed: ['retry', 'delete'],
};

/** What can be done to all tasks of a list; nothing where a key narrows it to one. */
export const actionsFor = ({ status, idempotencyKey, ids }: TaskFilter): BulkAction[] =>
  idempotencyKey !== undefined || ids?.length === 0 ? [] : ACTIONS_OF[status ?? 'any'];

/** The filter of a list as one of its tasks, whatever page is shown. */
export function bulkFilterOf({ status, type, ids }: TaskFilter): Filter {
  const filter = { status, type, ids };
  return Object.values(filter).some((part) => part !== undefined) ? filter : { all: true };
}

/** The filter in words, for whoever is asked whether it is meant. */
export function filterInWords(action: BulkAction, { status, type, ids }: TaskFilter): string {
  // Those that are completed are tried again only where the filter says so.
  const which = status ?? { cancel: 'live', retry: 'failed', delete: 'finished' }[action];
  const ofType = type === undefined ? '' : ` of type “${type}”`;
  return `All ${which} tasks${ofType}${ids ? ' with these ids' : ''}`;
}

import type { BulkAction, BulkFilter, BulkPreview, FailureReason, TaskStatus } from '../../client/index.js';
import type { TaskFilter } from '../api/task-filter.js';
import { REASONS } from '../components/failure-reasons.js';
import { formatCount } from '../components/format-count.js';

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
export const actionsFor = ({ status, failureReason, idempotencyKey, ids }: TaskFilter): BulkAction[] => {
  if (idempotencyKey !== undefined || ids?.length === 0) return [];
  return ACTIONS_OF[failureReason === undefined ? (status ?? 'any') : 'failed'];
};

/** The filter of a list as one of its tasks, whatever page is shown. */
export function bulkFilterOf({ status, type, failureReason, ids }: TaskFilter): Filter {
  const filter = { status, type, failureReason, ids };
  return Object.values(filter).some((part) => part !== undefined) ? filter : { all: true };
}

/** The filter in words, for the question whether it is meant. */
export function filterInWords(action: BulkAction, { status, type, failureReason, ids }: TaskFilter): string {
  // Those that are completed are tried again only where the filter says so.
  const which =
    (failureReason === undefined ? status : 'failed') ??
    { cancel: 'live', retry: 'failed', delete: 'finished' }[action];
  const ofType = type === undefined ? '' : ` of type “${type}”`;
  const why =
    failureReason === undefined ? '' : ` whose reason is “${REASONS[failureReason] || failureReason}”`;
  return `All ${which} tasks${ofType}${why}${ids ? ' with these ids' : ''}`;
}

/** Of which reasons the tasks are that match, and what is left out, as sentences; empty where there is nothing to tell. */
export function breakdownInWords({ byReason, cancelledLeftOut }: BulkPreview): string {
  const reasons = Object.entries(byReason ?? {}).map(
    ([reason, count]) => `${formatCount(count)} ${REASONS[reason as FailureReason] || reason}`,
  );
  const leftOut =
    cancelledLeftOut === 0
      ? ''
      : `${formatCount(cancelledLeftOut)} cancelled ${cancelledLeftOut === 1 ? 'task is' : 'tasks are'} left out: choose the reason “cancelled” to retry ${cancelledLeftOut === 1 ? 'it' : 'them'}.`;
  return [reasons.length > 0 ? `By reason: ${reasons.join(', ')}.` : '', leftOut].filter(Boolean).join(' ');
}

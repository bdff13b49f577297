import type { FailureReason, TaskStatus } from './task.js';

/** What can be done to many tasks at once. */
export const BULK_ACTIONS = ['cancel', 'retry', 'delete'] as const;

export type BulkAction = (typeof BULK_ACTIONS)[number];

/** Selects the tasks that meet all criteria. Instants are milliseconds since 1970 UTC. */
export interface BulkCriteria {
  status?: TaskStatus;
  type?: string;
  ids?: readonly number[];
  failureReason?: FailureReason;
  /** Exclusive. */
  createdBefore?: number;
  /** Exclusive. */
  createdAfter?: number;
}

/** The statuses that an action may select (`allowed`), and those it selects by default (`byDefault`). */
const STATUSES_BY_ACTION: Readonly<
  Record<BulkAction, { allowed: readonly TaskStatus[]; byDefault: readonly TaskStatus[] }>
> = {
  cancel: { allowed: ['queued', 'processing'], byDefault: ['queued', 'processing'] },
  // By default only failed tasks: repeating completed ones is rarely intended.
  retry: { allowed: ['failed', 'completed'], byDefault: ['failed'] },
  delete: { allowed: ['completed', 'failed'], byDefault: ['completed', 'failed'] },
};

/** The statuses that a client may request for an action. */
export const allowedStatuses = (action: BulkAction): readonly TaskStatus[] =>
  STATUSES_BY_ACTION[action].allowed;

/**
 * Whether cancelled tasks are left out: they were stopped on purpose, so a retry includes them only by id or by reason.
 */
export const skipsCancelled = (action: BulkAction, { failureReason, ids }: BulkCriteria): boolean =>
  action === 'retry' && failureReason === undefined && ids === undefined;

/** Failed tasks by reason; reasons without any are absent. */
export type ReasonCounts = Partial<Record<FailureReason, number>>;

/** What a bulk change would affect. */
export interface BulkPreview {
  matched: number;
  /** The same by reason if only failed tasks can match; else null. */
  byReason: ReasonCounts | null;
  /** Cancelled tasks that match but are left out by default. */
  cancelledLeftOut: number;
}

/** The statuses selected by an action: one or two. */
export function eligibleStatuses(
  action: BulkAction,
  { status, failureReason }: BulkCriteria,
): readonly TaskStatus[] {
  const { allowed, byDefault } = STATUSES_BY_ACTION[action];
  const requested = status ?? (failureReason === undefined ? undefined : 'failed');
  if (requested === undefined) return byDefault;
  return allowed.includes(requested) ? [requested] : [];
}

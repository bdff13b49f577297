import type { FailureReason, TaskStatus } from './task.js';

/** What can be done to many tasks at once. */
export const BULK_ACTIONS = ['cancel', 'retry', 'delete'] as const;

export type BulkAction = (typeof BULK_ACTIONS)[number];

/** Which tasks are meant: those for which all of it is true. Instants are milliseconds since 1970 UTC. */
export interface BulkCriteria {
  status?: TaskStatus;
  type?: string;
  ids?: readonly number[];
  failureReason?: FailureReason;
  /** Created before it, but not at it. */
  createdBefore?: number;
  /** Created after it, but not at it. */
  createdAfter?: number;
}

/** The statuses in which a task can be met by an action, those first that are meant where nobody says which. */
const STATUSES_BY_ACTION: Readonly<
  Record<BulkAction, { can: readonly TaskStatus[]; unasked: readonly TaskStatus[] }>
> = {
  cancel: { can: ['queued', 'processing'], unasked: ['queued', 'processing'] },
  // Whoever wants many tasks tried again means those that have failed, hardly ever those that went well.
  retry: { can: ['failed', 'completed'], unasked: ['failed'] },
  delete: { can: ['completed', 'failed'], unasked: ['completed', 'failed'] },
};

/** In which statuses an action can be asked for. */
export const allowedStatuses = (action: BulkAction): readonly TaskStatus[] => STATUSES_BY_ACTION[action].can;

/**
 * Whether cancelled tasks are left out: somebody meant them not to run, so that they are tried again only where they are
 * named, or their reason is.
 */
export const skipsCancelled = (action: BulkAction, { failureReason, ids }: BulkCriteria): boolean =>
  action === 'retry' && failureReason === undefined && ids === undefined;

/** How many tasks have failed for each reason; reasons for which none has are left out. */
export type ReasonCounts = Partial<Record<FailureReason, number>>;

/** What a bulk change would meet. */
export interface BulkPreview {
  matched: number;
  /** The same by reason, where only failed tasks can match; null elsewhere. */
  byReason: ReasonCounts | null;
  /** Cancelled tasks that match but are left out, as they were not asked for. */
  cancelledLeftOut: number;
}

/** The statuses that tasks must have to be met: one or two. */
export function eligibleStatuses(
  action: BulkAction,
  { status, failureReason }: BulkCriteria,
): readonly TaskStatus[] {
  const { can, unasked } = STATUSES_BY_ACTION[action];
  const asked = status ?? (failureReason === undefined ? undefined : 'failed');
  if (asked === undefined) return unasked;
  return can.includes(asked) ? [asked] : [];
}

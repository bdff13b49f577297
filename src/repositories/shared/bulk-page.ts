import { type BulkPreview, eligibleStatuses, type ReasonCounts, skipsCancelled } from '../../core/bulk.js';
import type { FailureReason, TaskStatus } from '../../core/task.js';
import type { BulkCursor, BulkSelection } from '../task-repository.js';

/** Tasks looked at in one step: if an index suffices, and if their rows must be read. */
const IDS_PER_STEP = 2_000;
const ROWS_PER_STEP = 500;

export interface BulkPage extends Omit<BulkPreview, 'matched'> {
  /** The matching ones, by growing ids. */
  ids: number[];
  after: BulkCursor;
}

/** How a bulk change searches its tasks. */
export interface BulkPlan {
  /** The statuses of matching tasks. */
  one: TaskStatus;
  other: TaskStatus | null;
  /** Most tasks that one step looks at. */
  limit: number;
  /** Whether a match depends on more than id, type and status. */
  readsRows: boolean;
}

const areAllFailed = ({ one, other }: BulkPlan): boolean => one === 'failed' && other === null;

/** Null if no task can match. */
export function bulkPlan({ action, filter }: Pick<BulkSelection, 'action' | 'filter'>): BulkPlan | null {
  const [one, other = null] = eligibleStatuses(action, filter);
  if (one === undefined) return null;
  const { ids, createdAfter, createdBefore } = filter;
  const readsRows =
    (one === 'failed' && other === null) ||
    ids !== undefined ||
    createdAfter !== undefined ||
    createdBefore !== undefined;
  return { one, other, limit: readsRows ? ROWS_PER_STEP : IDS_PER_STEP, readsRows };
}

/** Those of the filter's ids that a step looks at. */
export const askedIds = (ids: readonly number[], after: number, upTo: number, limit: number): number[] =>
  [...new Set(ids)]
    .filter((id) => id > after && id <= upTo)
    .sort((a, b) => a - b)
    .slice(0, limit);

/** Where to continue after a step that has looked at these ids. */
export const bulkCursor = (looked: readonly number[], limit: number): BulkCursor =>
  looked.length < limit ? null : (looked.at(-1) as number);

type Row = readonly [id: number, reason: FailureReason | null];

function countReasons(rows: readonly Row[]): ReasonCounts {
  const counts: ReasonCounts = {};
  for (const [, reason] of rows) if (reason !== null) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/** The page for the matching rows. */
export function bulkPage(
  plan: BulkPlan,
  { action, filter }: Pick<BulkSelection, 'action' | 'filter'>,
  rows: readonly Row[],
): Omit<BulkPage, 'after'> {
  const met = skipsCancelled(action, filter) ? rows.filter(([, reason]) => reason !== 'cancelled') : rows;
  return {
    ids: met.map(([id]) => id).sort((a, b) => a - b),
    byReason: areAllFailed(plan) ? countReasons(met) : null,
    cancelledLeftOut: rows.length - met.length,
  };
}

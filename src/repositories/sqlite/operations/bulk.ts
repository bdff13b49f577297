import type { BulkAction } from '../../../core/bulk.js';
import type { Operation, Run, Transaction } from '../../../db/sqlite/transaction.js';
import type { BulkCursor, BulkStep } from '../../task-repository.js';
import { bulkSearch } from '../bulk-search.js';
import { bulkAudit } from './audit.js';
import { cancel, retry } from './cancel-and-retry.js';
import { taskRemover } from './remove-tasks.js';

export interface BulkResult {
  changed: number;
  after: BulkCursor;
  /** The request's entry in the audit log; null without an actor, or before the first change. */
  auditId: number | null;
}

/** Changes these tasks; returns how many, or null if it takes another transaction. */
type Change = (ids: readonly number[]) => number | null;

const each =
  (run: Run<{ id: number }>): Change =>
  (ids) => {
    for (const id of ids) run({ id });
    return ids.length;
  };

function changesOf(transaction: Transaction): Record<BulkAction, Change> {
  const remove = taskRemover(transaction);
  return {
    cancel: each(cancel(transaction)),
    retry: each(retry(transaction)),
    delete: (ids) => {
      const { deleted, isDone } = remove(ids);
      return isDone ? deleted : null;
    },
  };
}

/** One step of a bulk change: the next tasks that match at this moment, each changed as by a single request. */
export const bulk = ((transaction) => {
  const search = bulkSearch(transaction);
  const changes = changesOf(transaction);
  const audit = bulkAudit(transaction);
  return ({ selection, after, most, request, auditId = null }) => {
    const page = search(selection, after);
    const ids = page.ids.slice(0, most);
    const changed = changes[selection.action](ids);
    // Some logs are deleted already, though no task is.
    if (changed === null) {
      const noted = request ? audit(auditId, selection.action, request, 0) : auditId;
      return { changed: 0, after, auditId: noted };
    }
    const isCut = ids.length < page.ids.length;
    return {
      changed,
      after: isCut ? (ids.at(-1) ?? after) : page.after,
      auditId: request && changed > 0 ? audit(auditId, selection.action, request, changed) : auditId,
    };
  };
}) satisfies Operation<BulkStep, BulkResult>;

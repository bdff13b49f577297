import type { BulkAction } from '../../core/bulk.js';
import type { StoredTask } from '../../core/task.js';
import type { TaskRequest } from '../../core/task-request.js';
import type { BulkRequest, Cancelled, Enqueued } from '../task-repository.js';

/** An action, as the audit log records it. */
export interface AuditEvent {
  action: string;
  /** The task, if it is about one. */
  taskId?: number;
  /** The outcome, in a word. */
  outcome: string;
  /** Further details. */
  details?: object;
}

const enqueueEvent = ({ type }: TaskRequest, { id, replayed }: Enqueued): AuditEvent => ({
  action: 'enqueue',
  taskId: id,
  outcome: replayed ? 'replayed' : 'created',
  details: { type },
});

const enqueueManyEvent = (_: readonly TaskRequest[], enqueued: readonly Enqueued[]): AuditEvent => {
  const created = enqueued.filter(({ replayed }) => !replayed).map(({ id }) => id);
  return {
    action: 'enqueue',
    outcome: created.length > 0 ? 'created' : 'replayed',
    details: {
      tasks: enqueued.length,
      created: created.length,
      // The ids of one transaction are consecutive.
      ...(created.length > 0 && { first_task_id: created[0], last_task_id: created.at(-1) }),
    },
  };
};

const cancelEvent = ({ id }: { id: number }, { changed, status }: Cancelled): AuditEvent => ({
  action: 'cancel',
  taskId: id,
  outcome: changed ? 'cancelled' : `already ${status}`,
});

const retryEvent = ({ id }: { id: number }, { status }: StoredTask): AuditEvent => ({
  action: 'retry',
  taskId: id,
  outcome: status,
});

/** A command's change of a key; null if it failed. */
export const keyEvent = (
  action: 'create' | 'revoke' | 'rotate',
  done: boolean,
  name: string,
  more: object = {},
): AuditEvent | null =>
  done ? { action: `keys.${action}`, outcome: 'done', details: { key: name, ...more } } : null;

const BULK_OUTCOMES: Record<BulkAction, string> = { cancel: 'cancelled', retry: 'queued', delete: 'deleted' };

/** The one entry of a bulk change, whose `done` grows with each transaction. */
export const bulkEvent = (action: BulkAction, { filter, expected }: BulkRequest, done: number) => ({
  action: `bulk ${action}`,
  outcome: BULK_OUTCOMES[action],
  details: { filter, expected, done },
});

/**
 * The audit events of each operation that changes what people and clients have requested. What a worker writes about
 * its own attempts is in the log of the task.
 */
export const auditEvents = {
  enqueue: enqueueEvent,
  enqueueMany: enqueueManyEvent,
  cancel: cancelEvent,
  retry: retryEvent,
};

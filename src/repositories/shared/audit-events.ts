import type { StoredTask } from '../../core/task.js';
import type { TaskRequest } from '../../core/task-request.js';
import type { Cancelled, Enqueued } from '../task-repository.js';

/** What somebody did, as the audit log tells it. */
export interface AuditEvent {
  action: string;
  /** The task, where it is about one. */
  taskId?: number;
  /** What came of it, in a word. */
  outcome: string;
  /** Whatever else there is to tell. */
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
      // One transaction gives ids in a row.
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

/**
 * What the audit log says of each operation that changes what people and clients asked for. What a worker writes about
 * its own attempts is in the log of the task.
 */
export const auditEvents = {
  enqueue: enqueueEvent,
  enqueueMany: enqueueManyEvent,
  cancel: cancelEvent,
  retry: retryEvent,
};

import type { StoredTask } from '../../../core/task.js';
import type { TaskRequest } from '../../../core/task-request.js';
import type { Cancelled, Enqueued } from '../../task-repository.js';
import type { Deed } from './audit-log.js';

const enqueue = ({ type }: TaskRequest, { id, replayed }: Enqueued): Deed => ({
  action: 'enqueue',
  taskId: id,
  outcome: replayed ? 'replayed' : 'created',
  details: { type },
});

const enqueueMany = (_: readonly TaskRequest[], enqueued: readonly Enqueued[]): Deed => {
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

const cancel = ({ id }: { id: number }, { changed, status }: Cancelled): Deed => ({
  action: 'cancel',
  taskId: id,
  outcome: changed ? 'cancelled' : `already ${status}`,
});

const retry = ({ id }: { id: number }, { status }: StoredTask): Deed => ({
  action: 'retry',
  taskId: id,
  outcome: status,
});

/**
 * What the audit log says of each operation that changes what people and clients asked for. What a worker writes about
 * its own attempts is in the log of the task.
 */
export const deeds = { enqueue, enqueueMany, cancel, retry };

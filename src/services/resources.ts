import { formatInstant } from '../core/instant.js';
import type { StoredTask } from '../core/task.js';
import { workerLiveness } from '../core/workers.js';
import type { Cancelled, Enqueued } from '../repositories/task-repository.js';
import type { RegisteredWorker } from '../repositories/worker-repository.js';

/** Reply to an enqueue. */
export const enqueuedResource = ({ id, status, createdAt, replayed }: Enqueued) => ({
  task_id: id,
  status,
  created_at_utc: formatInstant(createdAt),
  message: replayed ? 'Task already exists (idempotency key match)' : 'Task enqueued successfully',
});

/** Reply to a cancel. */
export const cancelledResource = ({ id, status, changed }: Cancelled) => ({
  task_id: id,
  status,
  message: changed ? 'Task cancelled successfully' : `Task already ${status}, cannot cancel`,
});

/** Reply to a retry. */
export const retriedResource = ({ id, status }: StoredTask) => ({
  task_id: id,
  status,
  message: 'Task queued again',
});

export const workerResource = (worker: RegisteredWorker) => ({
  worker_id: worker.id,
  host: worker.host,
  pid: worker.pid,
  version: worker.version,
  types: worker.types,
  capabilities: worker.capabilities,
  slots: worker.slots,
  held_task_ids: worker.heldTaskIds,
  started_at_utc: formatInstant(worker.startedAt),
  last_heartbeat_utc: formatInstant(worker.lastHeartbeat),
  live: worker.live,
  state: workerLiveness(worker.live, worker.heldTaskIds.length),
  overdue: worker.overdue,
});

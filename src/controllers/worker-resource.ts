import { formatInstant } from '../domain/instant.js';
import { workerState } from '../domain/worker-state.js';
import type { RegisteredWorker } from '../repositories/worker-repository.js';

/** A worker, as the API tells it. */
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
  state: workerState(worker.live, worker.heldTaskIds.length),
  overdue: worker.overdue,
});

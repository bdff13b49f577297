import type { ServerResponse } from 'node:http';
import { formatInstant } from '../domain/instant.js';
import type { RegisteredWorker, WorkerRepository } from '../repositories/worker-repository.js';
import { sendJson } from './send-json.js';

const toResource = (worker: RegisteredWorker) => ({
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
});

export class WorkerController {
  readonly #workers: WorkerRepository;

  constructor(workers: WorkerRepository) {
    this.#workers = workers;
  }

  list = async (_req: unknown, res: ServerResponse): Promise<void> => {
    const workers = await this.#workers.list();
    sendJson(res, 200, JSON.stringify(workers.map(toResource)));
  };
}

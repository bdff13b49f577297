import type { ServerResponse } from 'node:http';
import type { WorkerRepository } from '../repositories/worker-repository.js';
import { sendJson } from './send-json.js';
import { workerResource } from './worker-resource.js';

export class WorkerController {
  readonly #workers: WorkerRepository;

  constructor(workers: WorkerRepository) {
    this.#workers = workers;
  }

  list = async (_req: unknown, res: ServerResponse): Promise<void> => {
    const workers = await this.#workers.list();
    sendJson(res, 200, JSON.stringify(workers.map(workerResource)));
  };
}

import { StartupError } from '../domain/startup-error.js';
import type { Handlers } from '../worker/handler.js';
import { planWorker } from '../worker/plan-worker.js';
import type { WorkerOptions } from '../worker/worker-settings.js';
import { compose } from './compose.js';
import { checkOptions } from './known-options.js';
import type { StorageOptions } from './options.js';

export interface StandaloneWorkerOptions extends StorageOptions, WorkerOptions {
  handlers: Handlers;
}

/** A worker with its own connection to the file. */
export interface StandaloneWorker {
  readonly id: string;
  start(): Promise<void>;
  /** Waits up to `graceSeconds` for running tasks, gives the rest back, and closes the file. */
  stop(options?: { graceSeconds?: number }): Promise<void>;
  /** Claims once and runs what it got to the end; returns how many tasks that were. */
  runOnce(): Promise<number>;
}

/** A worker for the handlers, on the database file. Throws `StartupError`. */
export function createWorker(given: StandaloneWorkerOptions): StandaloneWorker {
  checkOptions.worker(given);
  const { handlers, ...options } = given;
  const plan = planWorker(handlers, options);
  if (plan.handlers.types.length === 0)
    throw new StartupError('handlers must name at least one type: this worker would never claim a task.');
  const { storage, worker, housekeepers } = compose(options, plan);
  return {
    id: worker.id,
    runOnce: () => worker.runOnce(),
    async start() {
      for (const housekeeper of housekeepers) housekeeper.start();
      await worker.start();
    },
    async stop(stopOptions) {
      await Promise.all([worker.stop(stopOptions), ...housekeepers.map((housekeeper) => housekeeper.stop())]);
      await storage.close();
    },
  };
}

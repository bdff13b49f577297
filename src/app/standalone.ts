import type { AnyTasks, TaskTypes } from '../client/task-types.js';
import { systemClock } from '../core/clock.js';
import { UserError } from '../core/errors.js';
import { Queue } from '../queue/queue.js';
import type { Handlers } from '../worker/handlers.js';
import type { WorkerOptions } from '../worker/options.js';
import { resolveWorkerOptions } from '../worker/worker.js';
import { compose, openStorage } from './compose.js';
import { checkOptions, type StorageOptions } from './options.js';

export interface StandaloneWorkerOptions extends StorageOptions, WorkerOptions {
  handlers: Handlers;
}

/** A worker with its own connection to the file. */
export interface StandaloneWorker {
  readonly id: string;
  start(): Promise<void>;
  /** Waits up to `graceSeconds` for running tasks, releases the rest, and closes the file. */
  stop(options?: { graceSeconds?: number }): Promise<void>;
  /** Claims once and runs the claimed tasks to their end; returns their number. */
  runOnce(): Promise<number>;
}

/** A worker for the handlers, on the database file. Throws `UserError`. */
export function createWorker(given: StandaloneWorkerOptions): StandaloneWorker {
  checkOptions.worker(given);
  const { handlers, ...options } = given;
  const plan = resolveWorkerOptions(handlers, options);
  if (plan.handlers.types.length === 0)
    throw new UserError('handlers must name at least one type: this worker would never claim a task.');
  const { storage, worker, services } = compose(options, plan);
  return {
    id: worker.id,
    runOnce: () => worker.runOnce(),
    async start() {
      for (const housekeeper of services) housekeeper.start();
      await worker.start();
    },
    async stop(stopOptions) {
      await Promise.all([worker.stop(stopOptions), ...services.map((housekeeper) => housekeeper.stop())]);
      await storage.close();
    },
  };
}

/** A queue with its own connection to the file. */
export interface OpenQueue<Tasks extends TaskTypes<Tasks> = AnyTasks> extends Queue<Tasks> {
  /** Ends every wait, commits pending writes, and closes the file. */
  close(): Promise<void>;
}

/**
 * The queue on the database file, for a program on the same machine: the interface of `createClient`, without a server.
 * Its type parameter maps the program's task types: `createQueue<Tasks>({ database })`. Throws `UserError`.
 */
export function createQueue<Tasks extends TaskTypes<Tasks> = AnyTasks>(
  options: StorageOptions,
): OpenQueue<Tasks> {
  checkOptions.queue(options);
  const storage = openStorage(options);
  const queue = new Queue<Tasks>(storage, options.clock ?? systemClock);
  const close = () => {
    queue.endWaits();
    return storage.close();
  };
  return Object.assign(queue, { close });
}

import { silentLogger } from '../../../../src/app/logger.js';
import { createWorker, type StandaloneWorker } from '../../../../src/app.js';
import { TASK_TYPE } from '../load/load.js';
import { exposeToParent, usage } from './child-functions.js';

export interface WorkerProcessOptions {
  database: string;
  concurrency: number;
  keepCompletedDays?: number;
}

let worker: StandaloneWorker;

/** `spoolite work` with a handler for {@link TASK_TYPE} that does nothing. */
const functions = {
  start(options: WorkerProcessOptions): Promise<void> {
    worker = createWorker({ ...options, logger: silentLogger, handlers: { [TASK_TYPE]: () => undefined } });
    return worker.start();
  },
  stop: (): Promise<void> => worker.stop(),
  usage,
};
export type WorkerFunctions = typeof functions;

exposeToParent(functions);

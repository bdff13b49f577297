import { createWorker, type StandaloneWorker } from '../../../../src/app.js';
import { silentLogger } from '../../../../src/logger.js';
import { TASK_TYPE } from '../load/requests.js';
import { exposeToParent } from './child-functions.js';
import { usage } from './usage.js';

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

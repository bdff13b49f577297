import type { Logger } from 'pino';
import { type Clock, systemClock } from '../domain/clock.js';
import { packageVersion } from '../domain/package-files.js';
import { systemRandom } from '../domain/random.js';
import { silentLogger } from '../logger.js';
import type { Storage } from '../repositories/storage.js';
import { LogWatch } from '../worker/log-watch.js';
import { planRetention } from '../worker/plan-retention.js';
import type { WorkerPlan } from '../worker/plan-worker.js';
import { Pruner } from '../worker/pruner.js';
import { Reaper } from '../worker/reaper.js';
import { Worker } from '../worker/worker.js';
import { closingOnError } from './closing-on-error.js';
import type { Housekeeper } from './housekeeper.js';
import { openStorage } from './open-storage.js';
import type { StorageOptions } from './options.js';

export interface Composed {
  storage: Storage;
  worker: Worker;
  /** What runs wherever a server or a worker does. */
  housekeepers: Housekeeper[];
  logger: Logger;
  clock: Clock;
}

/** What servers and workers have in common: the storage, a worker on it, and what keeps house. Throws `StartupError`. */
export function compose(options: StorageOptions, plan: WorkerPlan): Composed {
  const { clock = systemClock, random = systemRandom, logger = silentLogger } = options;
  const kept = planRetention(options);
  const storage = openStorage(options);
  return closingOnError(storage, () => {
    const worker = new Worker(plan, { storage, clock, random, logger, version: packageVersion() });
    const { leases, retention } = storage.repositories;
    return {
      storage,
      worker,
      housekeepers: [
        new Reaper(leases, clock, logger),
        new Pruner(retention, kept, logger),
        new LogWatch(storage, logger),
      ],
      logger,
      clock,
    };
  });
}

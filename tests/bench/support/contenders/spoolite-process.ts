import { openSqliteStorage } from '../../../../src/app/open-sqlite-storage.js';
import { createWorker, type StandaloneWorker } from '../../../../src/app.js';
import { systemClock, systemRandom } from '../../../../src/core/clock.js';
import type { Storage } from '../../../../src/repositories/storage.js';
import { TASK } from '../load/load.js';
import { exposeToParent } from '../processes/child-functions.js';
import { enqueueInBatches } from './batches.js';
import type { ContenderFunctions } from './contender.js';
import { Handled, machineNow } from './handled.js';

const handled = new Handled();
let file: string;
let storage: Storage;
let worker: StandaloneWorker | undefined;

/** Spoolite, with its default durability. */
const functions: ContenderFunctions = {
  async open(place) {
    file = place;
    storage = openSqliteStorage({ file, durability: 'full', clock: systemClock, random: systemRandom });
  },
  fill: (count, batch) =>
    enqueueInBatches(count, batch, (size) =>
      storage.repositories.tasks.enqueueMany(new Array(size).fill(TASK)),
    ),
  async work(purpose) {
    const handler = ({ payload }: { payload: { key?: number } }) => handled.begin(payload.key);
    const concurrency = purpose === 'many' ? 1000 : 10;
    worker = createWorker({ database: file, concurrency, handlers: { [TASK.type]: handler } });
    await worker.start();
  },
  untilDone: (count) =>
    handled.untilDone(count, async () => {
      const { queued, processing } = await storage.repositories.stats.overview();
      return queued + processing;
    }),
  async enqueueOne(key) {
    await storage.repositories.tasks.enqueue({ ...TASK, payload: JSON.stringify({ key }) });
    return machineNow();
  },
  starts: () => handled.starts,
  async close() {
    await worker?.stop();
    await storage.close();
  },
};

exposeToParent(functions);

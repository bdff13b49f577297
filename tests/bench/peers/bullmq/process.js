import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { enqueueInBatches } from '../../../../dist-bench/tests/bench/support/contenders/batches.js';
import { Handled, machineNow } from '../../../../dist-bench/tests/bench/support/contenders/handled.js';
import { exposeToParent } from '../../../../dist-bench/tests/bench/support/processes/child-functions.js';

const DATA = { to: 'somebody@example.com', template: 'welcome' };

/** The best of 10, 50, 100, 200 and 500, where each write of Redis is on disk. */
const CONCURRENCY = 200;

/** Done jobs are removed, which costs the least: by default they are kept. */
const defaultJobOptions = { removeOnComplete: true };

const handled = new Handled();
let connection;
let name;
let queue;
let worker;

exposeToParent({
  async open(place) {
    const { hostname, port, pathname } = new URL(place);
    connection = new Redis({ host: hostname, port: Number(port), maxRetriesPerRequest: null });
    name = pathname.slice(1);
    queue = new Queue(name, { connection, defaultJobOptions });
    await queue.waitUntilReady();
  },
  fill: (count, batch) =>
    enqueueInBatches(count, batch, (size) =>
      queue.addBulk(new Array(size).fill({ name: 'email', data: DATA })),
    ),
  async work(purpose) {
    const concurrency = purpose === 'many' ? CONCURRENCY : 1;
    worker = new Worker(name, async ({ data }) => handled.begin(data.key), { connection, concurrency });
    await worker.waitUntilReady();
  },
  untilDone: (count) =>
    handled.untilDone(count, () => queue.getJobCountByTypes('waiting', 'active', 'prioritized')),
  async enqueueOne(key) {
    await queue.add('email', { key });
    return machineNow();
  },
  starts: () => handled.starts,
  async close() {
    await worker?.close();
    await queue.close();
    connection.disconnect();
  },
});

import { Queue, Worker } from 'bunqueue/client';
import { enqueueInBatches } from '../../../../dist-bench/tests/bench/support/contenders/batches.js';
import { Handled, machineNow } from '../../../../dist-bench/tests/bench/support/contenders/handled.js';
import { exposeToParent } from '../../../../dist-bench/tests/bench/support/processes/child-functions.js';

const DATA = { to: 'somebody@example.com', template: 'welcome' };

/** The best of several; its own documentation measures a drain with a concurrency of 50, which is slower here. */
const MANY = { concurrency: 200, batchSize: 200 };

/** Waits at the server for jobs: what its documentation advises in place of asking again and again. */
const POLL_TIMEOUT_MS = 5000;

const handled = new Handled();
let connection;
let name;
let durable;
let queue;
let worker;

exposeToParent({
  open(place) {
    const { hostname, port, pathname, searchParams } = new URL(place);
    connection = { host: hostname, port: Number(port) };
    name = pathname.slice(1);
    durable = searchParams.has('durable');
    queue = new Queue(name, { connection });
  },
  fill: (count, batch) =>
    enqueueInBatches(count, batch, (size) =>
      queue.addBulk(new Array(size).fill({ name: 'email', data: DATA, opts: { durable } })),
    ),
  work(purpose) {
    const settings = purpose === 'many' ? MANY : {};
    worker = new Worker(name, async ({ data }) => handled.begin(data.key), {
      connection,
      pollTimeout: POLL_TIMEOUT_MS,
      ...settings,
    });
  },
  untilDone: (count) =>
    handled.untilDone(count, async () => {
      const { waiting, active } = await queue.getJobCountsAsync();
      return waiting + active;
    }),
  async enqueueOne(key) {
    await queue.add('email', { key }, { durable });
    return machineNow();
  },
  starts: () => handled.starts,
  async close() {
    await worker?.close();
    await queue.close();
  },
});

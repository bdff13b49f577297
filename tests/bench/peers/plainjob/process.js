import Database from 'better-sqlite3';
import { better, defineQueue, defineWorker } from 'plainjob';
import { enqueueInBatches } from '../../../../dist-bench/tests/bench/support/contenders/batches.js';
import { Handled, machineNow } from '../../../../dist-bench/tests/bench/support/contenders/handled.js';
import { exposeToParent } from '../../../../dist-bench/tests/bench/support/processes/child-functions.js';

const TYPE = 'email';
const DATA = { to: 'somebody@example.com', template: 'welcome' };
const PENDING = 0;
const PROCESSING = 1;

const logger = { error: console.error, warn() {}, info() {}, debug() {} };
const handled = new Handled();
let queue;

/**
 * plainjob as its README starts it. It sets `synchronous = NORMAL` itself, and a process works on one job at a time.
 * It looks for jobs once a second, its default; the interval is its latency, and asking more often is what it costs.
 */
exposeToParent({
  open(file) {
    queue = defineQueue({ connection: better(new Database(file)), logger });
  },
  fill: (count, batch) =>
    enqueueInBatches(count, batch, (size) => queue.addMany(TYPE, new Array(size).fill(DATA))),
  work() {
    const worker = defineWorker(TYPE, ({ data }) => handled.begin(JSON.parse(data).key), { queue, logger });
    void worker.start();
  },
  untilDone: (count) =>
    handled.untilDone(
      count,
      () => queue.countJobs({ status: PENDING }) + queue.countJobs({ status: PROCESSING }),
    ),
  enqueueOne(key) {
    queue.add(TYPE, { key });
    return machineNow();
  },
  starts: () => handled.starts,
  close() {},
});

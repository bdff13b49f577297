import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { enqueueInBatches } from '../../../../dist-bench/tests/bench/support/contenders/batches.js';
import { Handled, machineNow } from '../../../../dist-bench/tests/bench/support/contenders/handled.js';
import { exposeToParent } from '../../../../dist-bench/tests/bench/support/processes/child-functions.js';

const TYPE = 'email';
const DATA = { to: 'somebody@example.com', template: 'welcome' };

const CONCURRENCY = 24;

/** The settings of the page about performance in its documentation, where the local queue has room for 500. */
const many = () => ({ localQueue: { size: localQueue }, completeJobBatchDelay: 0, failJobBatchDelay: 0 });

const logger = new Logger(() => (level, message) => {
  if (level === 'error') console.error(message);
});
const handled = new Handled();
let connectionString;
let localQueue;
let utils;
let runner;

exposeToParent({
  async open(place) {
    [connectionString, localQueue] = [place.split('#')[0], Number(place.split('#')[1])];
    utils = await makeWorkerUtils({ connectionString, logger });
    await utils.migrate();
  },
  fill: (count, batch) =>
    enqueueInBatches(count, batch, (size) =>
      utils.addJobs(new Array(size).fill({ identifier: TYPE, payload: DATA })),
    ),
  async work(purpose) {
    const worker = {
      connectionString,
      concurrentJobs: CONCURRENCY,
      maxPoolSize: CONCURRENCY + 1,
      ...(purpose === 'many' && many()),
    };
    const taskList = { [TYPE]: async ({ key }) => handled.begin(key) };
    runner = await run({ preset: { worker }, logger, noHandleSignals: true, taskList });
  },
  untilDone: (count) =>
    handled.untilDone(count, () =>
      utils.withPgClient(async (client) => {
        const { rows } = await client.query(
          'select count(*)::int as left from graphile_worker._private_jobs',
        );
        return rows[0].left;
      }),
    ),
  async enqueueOne(key) {
    await utils.addJob(TYPE, { key });
    return machineNow();
  },
  starts: () => handled.starts,
  async close() {
    await runner?.stop();
    await utils.release();
  },
});

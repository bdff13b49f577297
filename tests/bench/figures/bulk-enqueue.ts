import type { Bench } from '../support/bench.js';
import { type Figure, ratioRow } from '../support/figure.js';
import { assertNoErrors, enqueueBatch } from '../support/load/load.js';
import type { QueueFunctions } from '../support/processes/queue-process.js';
import type { RawInsertFunctions } from '../support/processes/raw-insert-process.js';

const BATCH = 1000;
const TASKS = 200_000;

/** Batches under way at once over HTTP; in process it is as many. */
const CLIENTS = 4;

async function overHttp(bench: Bench): Promise<number> {
  const { address, child } = await bench.server();
  const load = { address, connections: CLIENTS, requests: [enqueueBatch(BATCH)] };
  const { perSecond } = assertNoErrors(await bench.load(load));
  await child.call.stop();
  await child.end();
  return perSecond * BATCH;
}

/** How fast many tasks are enqueued at once. */
export const bulkEnqueue: Figure = {
  name: 'bulk-enqueue',
  about: `tasks enqueued in batches of ${BATCH}, FULL, in process and over HTTP; better-sqlite3 inserting the same rows`,
  async run(bench) {
    const queue = bench.child<QueueFunctions>('processes/queue-process');
    const raw = bench.child<RawInsertFunctions>('processes/raw-insert-process');
    const tasks = Math.max(2 * BATCH, bench.scaled(TASKS));
    const rates = await bench.rounds({
      raw: async () => tasks / (await raw.call.insert(bench.newDatabase(), tasks, BATCH)),
      inProcess: async () => tasks / (await queue.call.fill(bench.newDatabase(), tasks)),
      http: () => overHttp(bench),
    });
    return [
      { what: 'in process', unit: 'tasks/s', samples: rates.inProcess, target: { atLeast: 50_000 } },
      { what: 'over HTTP', unit: 'tasks/s', samples: rates.http, target: { atLeast: 25_000 } },
      ratioRow({ what: 'in process ÷ raw', ours: rates.inProcess, reference: rates.raw, of: 'tasks/s' }),
      ratioRow({ what: 'over HTTP ÷ raw', ours: rates.http, reference: rates.raw, of: 'tasks/s' }),
    ];
  },
};

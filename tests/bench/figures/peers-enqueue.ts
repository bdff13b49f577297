import type { Bench } from '../support/bench.js';
import type { Contender } from '../support/contenders/contender.js';
import { compared, contest } from '../support/contenders/contest.js';
import type { Figure } from '../support/figure.js';

const TASKS = 100_000;
const BATCH = 1000;

async function enqueueRate(bench: Bench, contender: Contender): Promise<number> {
  const enqueuer = contender.child();
  await enqueuer.call.open(await contender.newPlace());
  const count = Math.max(4 * BATCH, bench.scaled(TASKS));
  const seconds = await enqueuer.call.fill(count, BATCH);
  await enqueuer.call.close();
  await enqueuer.end();
  return count / seconds;
}

/** How fast many tasks are enqueued at once, beside other queues. */
export const peersEnqueue: Figure = {
  name: 'peers-enqueue',
  about: `tasks enqueued in batches of ${BATCH} by one process, each queue in its own way: ours ÷ other queues`,
  peers: true,
  run: async (bench) =>
    compared(await contest(bench, 'enqueue', (contender) => enqueueRate(bench, contender)), 'tasks/s'),
};

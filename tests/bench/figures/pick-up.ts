import type { Bench } from '../support/bench.js';
import type { ContenderFunctions } from '../support/contenders/contender-functions.js';
import { pickUps } from '../support/contenders/pick-ups.js';
import type { Figure } from '../support/figure.js';
import { percentile } from '../support/measure/percentile.js';

const TASKS = 300;

async function measure(bench: Bench): Promise<number[]> {
  const database = bench.newDatabase();
  const enqueuer = bench.child<ContenderFunctions>('contenders/spoolite-process');
  const worker = bench.child<ContenderFunctions>('contenders/spoolite-process');
  await enqueuer.call.open(database);
  await worker.call.open(database);
  const milliseconds = await pickUps(enqueuer, worker, Math.max(20, bench.scaled(TASKS)));
  for (const child of [worker, enqueuer]) {
    await child.call.close();
    await child.end();
  }
  return milliseconds;
}

/** How soon a sleeping worker begins what another process has enqueued. */
export const pickUp: Figure = {
  name: 'pick-up',
  about: 'from an enqueue acknowledged in one process to the handler begun in another; idle queue, FULL',
  async run(bench) {
    const { each } = await bench.rounds({ each: () => measure(bench) });
    return [
      { what: 'p50', unit: 'ms', samples: each.map((all) => percentile(all, 0.5)), target: { atMost: 1 } },
      { what: 'p99', unit: 'ms', samples: each.map((all) => percentile(all, 0.99)), target: { atMost: 3 } },
    ];
  },
};

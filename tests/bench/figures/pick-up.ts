import { pickUps, spoolite } from '../support/contenders/contest.js';
import { type Figure, percentile } from '../support/figure.js';

const TASKS = 300;

/** How soon a sleeping worker begins what another process has enqueued. */
export const pickUp: Figure = {
  name: 'pick-up',
  about: 'from an enqueue acknowledged in one process to the handler begun in another; idle queue, FULL',
  async run(bench) {
    const ours = await spoolite.start(bench);
    const measurements = ours.map((contender) => [
      contender.name,
      () => pickUps(contender, Math.max(20, bench.scaled(TASKS))),
    ]);
    const each = Object.values(await bench.rounds<string, number[]>(Object.fromEntries(measurements))).flat();
    return [
      { what: 'p50', unit: 'ms', samples: each.map((all) => percentile(all, 0.5)), target: { atMost: 1 } },
      { what: 'p99', unit: 'ms', samples: each.map((all) => percentile(all, 0.99)), target: { atMost: 3 } },
    ];
  },
};

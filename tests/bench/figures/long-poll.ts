import { type Figure, percentile } from '../support/figure.js';
import type { WaitingFunctions } from '../support/processes/waiting-process.js';

const CHANGES = 300;

/** How soon a client that waits hears of what another process has changed. */
export const longPoll: Figure = {
  name: 'long-poll',
  about: 'from a change acknowledged in one process to the answer of a long poll that waits in another; FULL',
  async run(bench) {
    const { address, database } = await bench.server();
    const { call } = bench.child<WaitingFunctions>('processes/waiting-process');
    const count = Math.max(20, bench.scaled(CHANGES));
    const { each } = await bench.rounds({ each: () => call.changes(database, address, count) });
    return [
      { what: 'p50', unit: 'ms', samples: each.map((all) => percentile(all, 0.5)), target: { atMost: 2 } },
      { what: 'p99', unit: 'ms', samples: each.map((all) => percentile(all, 0.99)), target: { atMost: 5 } },
    ];
  },
};

import type { Figure, Measured } from '../support/figure.js';
import { longHistory } from '../support/files/fill-file.js';
import { assertNoErrors, LIST, type LoadRequest, poll, STATS } from '../support/load/load.js';

const TASKS = 1_000_000;
const CONNECTIONS = 8;

/** Tasks that are polled, from all over the file. */
const POLLED = 1000;

/** What the slowest of a hundred answers takes, in milliseconds, at most. */
const TARGETS = { get: 5, list: 10, stats: 50 };

/** Whether answers stay quick with many tasks in the file and clients that ask without a pause. */
export const latency: Figure = {
  name: 'latency',
  about: `p99 of get, list and stats over HTTP with a million tasks, ${CONNECTIONS} connections without a pause`,
  async run(bench) {
    const count = bench.scaled(TASKS);
    const { address } = await bench.server({ database: await bench.filledDatabase(longHistory(count)) });
    const step = Math.max(1, Math.floor(count / POLLED));
    const polled = Array.from({ length: Math.min(POLLED, count) }, (_, at) => poll((at + 1) * step));
    const p99 = (requests: LoadRequest[]) => async () =>
      assertNoErrors(await bench.load({ address, connections: CONNECTIONS, requests })).p99;
    const results = await bench.rounds({ get: p99(polled), list: p99([LIST]), stats: p99([STATS]) });
    return Object.entries(TARGETS).map(
      ([what, atMost]): Measured => ({
        what: `${what}, p99`,
        unit: 'ms',
        samples: results[what as keyof typeof TARGETS],
        target: { atMost },
      }),
    );
  },
};

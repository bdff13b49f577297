import type { Bench } from '../support/bench.js';
import { type Figure, ratioRow } from '../support/figure.js';
import { assertNoErrors, ENQUEUE } from '../support/load/load.js';

const rate = async (bench: Bench, address: string): Promise<number> =>
  assertNoErrors(await bench.load({ address, connections: 64, requests: [ENQUEUE] })).perSecond;

/** What durability costs. */
export const enqueueDurable: Figure = {
  name: 'enqueue-durable',
  about: '64 clients enqueue over HTTP: synchronous=FULL ÷ NORMAL',
  async run(bench) {
    const full = await bench.server({ durability: 'full' });
    const normal = await bench.server({ durability: 'normal' });
    const rates = await bench.rounds({
      full: () => rate(bench, full.address),
      normal: () => rate(bench, normal.address),
    });
    return [
      ratioRow({
        what: 'FULL ÷ NORMAL',
        ours: rates.full,
        reference: rates.normal,
        of: 'tasks/s',
        target: { atLeast: 0.8 },
      }),
    ];
  },
};

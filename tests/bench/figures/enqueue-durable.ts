import type { Bench } from '../support/bench.js';
import type { Figure } from '../support/figure.js';
import { assertNoErrors } from '../support/load/assert-no-errors.js';
import { ENQUEUE } from '../support/load/requests.js';
import { ratios } from '../support/measure/ratios.js';

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
      {
        what: 'FULL ÷ NORMAL',
        unit: '×',
        samples: ratios(rates.full, rates.normal),
        target: { atLeast: 0.8 },
      },
      { what: 'FULL', unit: 'tasks/s', samples: rates.full },
      { what: 'NORMAL', unit: 'tasks/s', samples: rates.normal },
    ];
  },
};

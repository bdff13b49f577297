import type { Bench } from '../support/bench.js';
import type { Figure } from '../support/figure.js';
import { assertNoErrors } from '../support/load/assert-no-errors.js';
import type { LoadRequest } from '../support/load/load.js';
import { ENQUEUE, HELLO } from '../support/load/requests.js';
import { ratios } from '../support/measure/ratios.js';

const rate = async (bench: Bench, address: string, request: LoadRequest): Promise<number> =>
  assertNoErrors(await bench.load({ address, connections: 64, requests: [request] })).perSecond;

/** A durable write beside the reply that Express gives to nothing. */
export const enqueueExpress: Figure = {
  name: 'enqueue-express',
  about: "64 clients enqueue over HTTP, FULL ÷ Express as it comes, answering res.json({ hello: 'world' })",
  async run(bench) {
    const express = await bench.reference('express-hello');
    const { address } = await bench.server();
    const rates = await bench.rounds({
      express: () => rate(bench, express, HELLO),
      enqueue: () => rate(bench, address, ENQUEUE),
    });
    return [
      {
        what: 'enqueue ÷ Express hello',
        unit: '×',
        samples: ratios(rates.enqueue, rates.express),
        target: { atLeast: 0.7 },
      },
      { what: 'enqueue', unit: 'tasks/s', samples: rates.enqueue },
      { what: 'Express hello', unit: '/s', samples: rates.express },
    ];
  },
};

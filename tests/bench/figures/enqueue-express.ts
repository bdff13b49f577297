import type { Bench } from '../support/bench.js';
import { type Figure, ratioRow } from '../support/figure.js';
import { assertNoErrors, ENQUEUE, HELLO, type LoadRequest } from '../support/load/load.js';

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
      ratioRow({
        what: 'enqueue ÷ Express hello',
        ours: rates.enqueue,
        reference: rates.express,
        of: '/s',
        target: { atLeast: 0.7 },
      }),
    ];
  },
};

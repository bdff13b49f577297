import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { useRequestPaths } from '../support/polling-server.js';
import { mutatedPoll } from './mutated-poll.js';

const transports = useRequestPaths();

/** How many requests; set it higher for a longer search. */
const RUNS = Number(process.env.SPOOLITE_FUZZ_REQUESTS ?? 400);

test('whatever is done to a poll, the answer is that of Express on node’s http server', async () => {
  const property = fc.asyncProperty(fc.array(mutatedPoll, { minLength: 1, maxLength: 3 }), async (pieces) => {
    const { express, raw } = await transports.exchange(pieces);
    expect(raw).toBe(express);
  });
  await fc.assert(property, { numRuns: RUNS });
  // Else it has compared node with itself.
  const { express, raw } = transports.ports;
  expect(transports.readByNode(raw)).toBeLessThan(transports.readByNode(express));
});

import type { Bench } from '../support/bench.js';
import { type Figure, ratioRow } from '../support/figure.js';
import {
  assertNoErrors,
  fillFor,
  type LoadRequest,
  type LoadResult,
  POLLED,
  polls,
} from '../support/load/load.js';

const CONNECTIONS = 64;

/** Limits that are counted by, and never met. */
const AMPLE = 1_000_000_000;

const BUDGETS = { pollsPerMinute: AMPLE, readsPerMinute: AMPLE, writesPerMinute: AMPLE };

const put = async (bench: Bench, address: string, requests: LoadRequest[]): Promise<LoadResult> =>
  assertNoErrors(await bench.load({ address, connections: CONNECTIONS, requests }));

const ratesOf = (results: LoadResult[]): number[] => results.map(({ perSecond }) => perSecond);

/** What keys and limits cost a poll. Metrics and the audit log are always there; polls are not in the latter. */
export const guardedPoll: Figure = {
  name: 'guarded-poll',
  about: `polls per second on ${CONNECTIONS} connections with a key and limits ÷ without`,
  async run(bench) {
    const open = await bench.server();
    const guarded = await bench.server(BUDGETS);
    for (const { address } of [open, guarded]) await fillFor(bench, address);
    const key = await guarded.child.call.addKey(guarded.database);
    const withKey = polls(POLLED).map((one) => ({ ...one, headers: { Authorization: `Bearer ${key}` } }));
    const results = await bench.rounds({
      open: () => put(bench, open.address, polls(POLLED)),
      guarded: () => put(bench, guarded.address, withKey),
    });
    return [
      ratioRow({
        what: 'poll with key and limits ÷ without',
        ours: ratesOf(results.guarded),
        reference: ratesOf(results.open),
        of: 'req/s',
        target: { atLeast: 0.9 },
      }),
    ];
  },
};

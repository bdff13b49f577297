import type { Bench } from '../support/bench.js';
import { type Figure, ratioRow } from '../support/figure.js';
import { assertNoErrors, ENQUEUE } from '../support/load/load.js';

const FSYNC_MS = 2;

const rate = async (bench: Bench, address: string): Promise<number> =>
  assertNoErrors(await bench.load({ address, connections: 64, requests: [ENQUEUE] })).perSecond;

/** What sharing commits gains on a slow disk. */
export const groupCommit: Figure = {
  name: 'group-commit',
  about: `64 clients enqueue over HTTP, an fsync costs ${FSYNC_MS} ms more: shared commits ÷ one commit per request`,
  async run(bench) {
    const shared = await bench.server({ disk: { fsyncMs: FSYNC_MS } });
    const single = await bench.server({ disk: { fsyncMs: FSYNC_MS, maxGroup: 1 } });
    const rates = await bench.rounds({
      shared: () => rate(bench, shared.address),
      single: () => rate(bench, single.address),
    });
    return [
      ratioRow({
        what: 'shared commits ÷ single',
        ours: rates.shared,
        reference: rates.single,
        of: 'tasks/s',
        target: { atLeast: 5 },
      }),
    ];
  },
};

import type { Bench } from '../support/bench.js';
import type { Contender } from '../support/contenders/contender.js';
import { compared, contest, OURS } from '../support/contenders/contest.js';
import { type Figure, median, ratioRow } from '../support/figure.js';

const TASKS = 40_000;
const BATCH = 1000;

/** Those that ours must outrun; bunqueue's server runs on another runtime. */
const RIVALS = /^(plainjob|BullMQ|graphile-worker)/;

/** Tasks per second of one process that works. */
async function drainRate(bench: Bench, contender: Contender): Promise<number> {
  const place = await contender.newPlace();
  const count = Math.max(BATCH, bench.scaled(TASKS));
  const worker = contender.child();
  await worker.call.open(place);
  await worker.call.fill(count, BATCH);
  await worker.call.work('many');
  const seconds = await worker.call.untilDone(count);
  await worker.call.close();
  await worker.end();
  return count / seconds;
}

/** The samples of whoever is best by median. */
const bestOf = (samples: number[][]): number[] =>
  samples.reduce((best, own) => (median(own) > median(best) ? own : best), [0]);

/** How fast one process runs tasks that do nothing, beside other queues. */
export const peersDrain: Figure = {
  name: 'peers-drain',
  about: 'no-op tasks, enqueued beforehand, run by one process: ours ÷ other queues',
  peers: true,
  async run(bench) {
    const rates = await contest(bench, 'many', (contender) => drainRate(bench, contender));
    const rivals = Object.entries(rates).flatMap(([name, own]) => (RIVALS.test(name) ? [own] : []));
    const best = ratioRow({
      what: 'ours ÷ the best of plainjob, BullMQ, graphile-worker',
      ours: rates[OURS] ?? [],
      reference: bestOf(rivals),
      of: 'tasks/s',
      target: { atLeast: 1.2 },
    });
    return [...(rivals.length > 0 ? [best] : []), ...compared(rates, 'tasks/s')];
  },
};

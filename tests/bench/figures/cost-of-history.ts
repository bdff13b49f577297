import type { Bench } from '../support/bench.js';
import { type Figure, type Measured, ratioRow } from '../support/figure.js';
import { longHistory } from '../support/files/fill-file.js';
import { assertNoErrors, poll } from '../support/load/load.js';
import type { CostFunctions } from '../support/processes/cost-process.js';

const MANY = 10_000_000;
const FEW = 10_000;

/** Calls of one measurement; its median counts. */
const CALLS = 2_000;

/** Different tasks that are polled over HTTP, from all over the file. */
const POLLED = 10_000;

interface Files {
  few: string;
  many: string;
}

const rowOf = (what: string, many: number[], few: number[]): Measured =>
  ratioRow({ what, ours: many, reference: few, of: 'µs', target: { atMost: 1.3 } });

async function inProcess(bench: Bench, files: Files): Promise<Measured[]> {
  const child = bench.child<CostFunctions>('processes/cost-process');
  const names = await child.call.open(files.few);
  await child.call.open(files.many);
  const calls = Math.max(20, bench.scaled(CALLS));
  const costs = await bench.rounds(
    Object.fromEntries(
      names.flatMap((name) => [
        [`${name}: few`, () => child.call.cost(files.few, name, calls)],
        [`${name}: many`, () => child.call.cost(files.many, name, calls)],
      ]),
    ),
  );
  await child.call.close();
  await child.end();
  return names.map((name) => rowOf(name, costs[`${name}: many`] ?? [], costs[`${name}: few`] ?? []));
}

async function overHttp(bench: Bench, files: Files, counts: Record<keyof Files, number>): Promise<Measured> {
  const measurement = async (which: keyof Files) => {
    const { address } = await bench.server({ database: files[which] });
    const count = Math.min(POLLED, counts[which]);
    const step = Math.floor(counts[which] / count);
    const requests = Array.from({ length: count }, (_, at) => poll((at + 1) * step));
    return async () =>
      1e6 / assertNoErrors(await bench.load({ address, connections: 64, requests })).perSecond;
  };
  const micros = await bench.rounds({ few: await measurement('few'), many: await measurement('many') });
  return rowOf(`a poll over HTTP, one of ${POLLED.toLocaleString('en')} tasks`, micros.many, micros.few);
}

/** Whether anything gets slower as tasks pile up. */
export const costOfHistory: Figure = {
  name: 'cost-of-history',
  about: `what a call costs with ${MANY / 1e6} million tasks in the file ÷ with ${FEW / 1e3} thousand`,
  async run(bench) {
    const counts = { few: FEW, many: Math.max(2 * FEW, bench.scaled(MANY)) };
    const files = {
      few: await bench.filledDatabase(longHistory(counts.few)),
      many: await bench.filledDatabase(longHistory(counts.many)),
    };
    return [...(await inProcess(bench, files)), await overHttp(bench, files, counts)];
  },
};

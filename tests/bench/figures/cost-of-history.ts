import type { Bench } from '../support/bench.js';
import type { Figure } from '../support/figure.js';
import { longHistory } from '../support/files/histories.js';
import { ratios } from '../support/measure/ratios.js';
import type { CostFunctions } from '../support/processes/cost-process.js';

const MANY = 10_000_000;
const FEW = 10_000;

/** Calls of one measurement; its median counts. */
const CALLS = 2_000;

async function fewAndMany(bench: Bench): Promise<{ few: string; many: string }> {
  const few = await bench.filledDatabase(longHistory(Math.min(FEW, bench.scaled(MANY))));
  return { few, many: await bench.filledDatabase(longHistory(bench.scaled(MANY))) };
}

/** Whether anything gets slower as tasks pile up. */
export const costOfHistory: Figure = {
  name: 'cost-of-history',
  about: `what a call of the repositories costs with ${MANY / 1e6} million tasks in the file ÷ with ${FEW / 1e3} thousand`,
  async run(bench) {
    const files = await fewAndMany(bench);
    const { call } = bench.child<CostFunctions>('processes/cost-process');
    const names = await call.open(files.few);
    await call.open(files.many);
    const calls = Math.max(20, bench.scaled(CALLS));
    const costs = await bench.rounds(
      Object.fromEntries(
        names.flatMap((name) => [
          [`few: ${name}`, () => call.cost(files.few, name, calls)],
          [`many: ${name}`, () => call.cost(files.many, name, calls)],
        ]),
      ),
    );
    await call.close();
    const of = (name: string): number[] => costs[name] ?? [];
    return names.flatMap((name) => [
      {
        what: name,
        unit: '×',
        samples: ratios(of(`many: ${name}`), of(`few: ${name}`)),
        target: { atMost: 1.3 },
      },
      { what: `${name}: many`, unit: 'µs', samples: of(`many: ${name}`) },
    ]);
  },
};

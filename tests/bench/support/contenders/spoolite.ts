import type { ContenderKind } from './contender.js';
import type { ContenderFunctions } from './contender-functions.js';

export const OURS = 'Spoolite';

export const spoolite: ContenderKind = {
  name: OURS,
  settings: 'synchronous=FULL, concurrency 1,000',
  async start(bench) {
    return [
      {
        name: OURS,
        newPlace: () => bench.newDatabase(),
        child: () => bench.child<ContenderFunctions>('contenders/spoolite-process'),
        stop: async () => undefined,
      },
    ];
  },
};

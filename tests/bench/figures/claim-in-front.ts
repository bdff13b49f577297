import { type Figure, ratioRow } from '../support/figure.js';
import type { Filling } from '../support/files/fill-file.js';
import { TASK_TYPE } from '../support/load/load.js';
import type { CostFunctions } from '../support/processes/cost-process.js';

const IN_FRONT = 1_000_000;
const CLAIMABLE = 10_000;
const CALLS = 1_000;

const DUE = { type: `'${TASK_TYPE}'`, status: "'queued'", due: '1' };

/** Of how many kinds the tasks in front are: a claim looks at each lane that has something due. */
const KINDS = [1, 100, 10_000];

/** What is in front of the tasks that the worker may have: older, and where it is due, more urgent. */
const FRONTS: Record<string, Omit<Filling, 'count'>> = {
  scheduled: { ...DUE, due: '0' },
  ...Object.fromEntries(
    KINDS.flatMap((kinds) => [
      [`of ${kinds} other types`, { ...DUE, priority: '1', type: `'other-' || (n % ${kinds})` }],
      [
        `of ${kinds} unmatched compatibilities`,
        { ...DUE, priority: '1', compatibility: `'{"region":"' || (n % ${kinds}) || '"}'` },
      ],
    ]),
  ),
};

/** Whether a claim is held up by tasks that are not for it. */
export const claimInFront: Figure = {
  name: 'claim-in-front',
  about: 'a claim with a million tasks in front that it may not take ÷ without them',
  async run(bench) {
    const { call } = bench.child<CostFunctions>('processes/cost-process');
    const open = async (front: Filling[]): Promise<string> => {
      const file = await bench.filledDatabase([
        ...front,
        { ...DUE, count: Math.max(1000, bench.scaled(CLAIMABLE)) },
      ]);
      await call.open(file);
      return file;
    };
    const files: Record<string, string> = { none: await open([]) };
    for (const [name, front] of Object.entries(FRONTS))
      files[name] = await open([{ ...front, count: bench.scaled(IN_FRONT) }]);
    const calls = Math.max(20, bench.scaled(CALLS));
    const costs = (name: string) =>
      bench.rounds(
        Object.fromEntries(
          Object.entries(files).map(([front, file]) => [front, () => call.cost(file, name, calls)]),
        ),
      );
    const rows = (suffix: string, { none = [], ...others }: Record<string, number[]>) =>
      Object.entries(others).map(([what, samples]) =>
        ratioRow({
          what: `a million ${what} ÷ none${suffix}`,
          ours: samples,
          reference: none,
          of: 'µs',
          target: { atMost: 1.3 },
        }),
      );
    const plain = rows('', await costs('claim'));
    const offering = rows(', offering 100 values', await costs('claim, offering 100 values'));
    await call.close();
    return [...plain, ...offering];
  },
};

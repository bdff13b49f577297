import type { Bench } from '../bench.js';
import type { Measured } from '../figure.js';
import { ratioRow } from '../measure/ratio-row.js';
import { bullmq } from './bullmq.js';
import { bunqueue } from './bunqueue.js';
import { type Contender, type ContenderKind, MissingProgram } from './contender.js';
import { graphileWorker } from './graphile-worker.js';
import { plainjob } from './plainjob.js';
import { OURS, spoolite } from './spoolite.js';

const KINDS: readonly ContenderKind[] = [spoolite, plainjob, bullmq, graphileWorker, bunqueue];

/** Contenders whose program is not there are left out, and that is said. */
async function startOf(kind: ContenderKind, bench: Bench): Promise<Contender[]> {
  bench.say(`starting ${kind.name}`);
  try {
    const contenders = await kind.start(bench);
    bench.note(`${kind.name}: ${kind.settings}`);
    return contenders;
  } catch (error) {
    if (!(error instanceof MissingProgram)) throw error;
    bench.note(`SKIPPED ${kind.name}: ${error.message}`);
    return [];
  }
}

/** Measures us and every peer, in turn, at one kind of work; a contender's samples by its name, ours under {@link OURS}. */
export async function contest<T>(
  bench: Bench,
  work: 'many' | 'single' | 'enqueue',
  measure: (contender: Contender) => Promise<T>,
): Promise<Record<string, T[]>> {
  const contenders: Contender[] = [];
  try {
    for (const kind of KINDS) contenders.push(...(await startOf(kind, bench)));
    const measured = contenders.filter(({ forManyOnly }) => work === 'many' || !forManyOnly);
    const measurements = measured.map((contender) => [contender.name, () => measure(contender)] as const);
    return await bench.rounds(Object.fromEntries(measurements));
  } finally {
    for (const { stop } of contenders) await stop();
  }
}

/** Rows that set our samples against each peer's. */
export function compared(samples: Record<string, number[]>, of: string, what = ''): Measured[] {
  const { [OURS]: ours = [], ...peers } = samples;
  return Object.entries(peers).map(([name, reference]) =>
    ratioRow({ what: `${what}ours ÷ ${name}`, ours, reference, of }),
  );
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench.js';
import { type Measured, ratioRow } from '../figure.js';
import { type Contender, type ContenderFunctions, type ContenderKind, MissingProgram } from './contender.js';
import { bullmq, bunqueue, graphileWorker, plainjob } from './peers.js';

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

/** Milliseconds between two tasks: the worker sleeps again by then. The pause varies, to hit no rhythm. */
const PAUSE_MS = 15;
const VARIATION_MS = 20;

const SETTLE_MS = 300;

/** Milliseconds from each acknowledged enqueue to the beginning of its handler in another process, on an idle queue. */
export async function pickUps(contender: Contender, count: number): Promise<number[]> {
  const place = await contender.newPlace();
  const [enqueuer, worker] = [contender.child(), contender.child()];
  await enqueuer.call.open(place);
  await worker.call.open(place);
  await worker.call.work('single');
  await delay(SETTLE_MS);
  const acknowledged = new Map<number, number>();
  for (let key = 1; key <= count; key++) {
    acknowledged.set(key, await enqueuer.call.enqueueOne(key));
    await delay(PAUSE_MS + Math.random() * VARIATION_MS);
  }
  await worker.call.untilDone(count);
  const starts = await worker.call.starts();
  for (const child of [worker, enqueuer]) {
    await child.call.close();
    await child.end();
  }
  return starts.map(([key, at]) => at - (acknowledged.get(key) ?? Number.NaN));
}

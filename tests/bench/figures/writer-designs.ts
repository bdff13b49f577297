import type { Bench } from '../support/bench.js';
import type { Figure, Measured } from '../support/figure.js';
import { assertNoErrors, fillFor, pollsAmongEnqueues } from '../support/load/load.js';
import type { LockFunctions } from '../support/processes/lock-process.js';
import type { TickServerFunctions } from '../support/servers/tick-server-process.js';

const FSYNC_MS = 2;

interface Place {
  address: string;
  database: string;
}

async function tickServer(bench: Bench, fsyncMs: number): Promise<Place> {
  const database = bench.newDatabase();
  const child = bench.child<TickServerFunctions>('servers/tick-server-process', { quiet: true });
  return { database, address: await child.call.start({ database, fsyncMs }) };
}

/** Poll p99 in milliseconds and enqueues per second, under a full load of durable enqueues. */
async function underLoad(bench: Bench, { address }: Place): Promise<[number, number]> {
  const { seconds } = bench.plan;
  const { polled, enqueued } = await pollsAmongEnqueues(bench, address, { seconds, clients: 32 });
  return [assertNoErrors(polled).p99, assertNoErrors(enqueued).perSecond];
}

/** Commits on a writer thread, and at the end of the tick on the main thread: what polls feel of each. */
export const writerDesigns: Figure = {
  name: 'writer-designs',
  about: 'poll p99 among 32 clients that enqueue durably: writer thread, and commit at the end of the tick',
  async run(bench) {
    const places = {
      'thread, this disk': await bench.server(),
      'tick, this disk': await tickServer(bench, 0),
      'thread, slow disk': await bench.server({ disk: { fsyncMs: FSYNC_MS } }),
      'tick, slow disk': await tickServer(bench, FSYNC_MS),
      'thread, locked': await bench.server(),
      'tick, locked': await tickServer(bench, 0),
    };
    for (const { address } of Object.values(places)) await fillFor(bench, address);
    const locker = bench.child<LockFunctions>('processes/lock-process');
    const measurements = Object.entries(places).map(([name, place]) => [
      name,
      async () => {
        const held = name.endsWith('locked')
          ? locker.call.hold(place.database, bench.plan.seconds / 2)
          : null;
        const result = await underLoad(bench, place);
        await held;
        return result;
      },
    ]);
    const results = await bench.rounds<string, [number, number]>(Object.fromEntries(measurements));
    return Object.entries(results).flatMap(([name, samples]): Measured[] => [
      { what: `${name}: poll p99`, unit: 'ms', samples: samples.map(([p99]) => p99) },
      { what: `${name}: enqueued`, unit: 'tasks/s', samples: samples.map(([, rate]) => rate) },
    ]);
  },
};

import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from '../support/figure.js';
import type { Usage } from '../support/processes/child-functions.js';
import type { WaitingFunctions } from '../support/processes/waiting-process.js';
import type { WorkerFunctions } from '../support/processes/worker-process.js';

const POLLS = 1000;

/** Long enough for several heartbeats, short enough for no poll's wait to end. */
const SECONDS = 12;

const SETTLE_SECONDS = 3;

interface Idle {
  server: number;
  worker: number;
}

/** What waiting costs. */
export const idle: Figure = {
  name: 'idle',
  about: `processor time of a server with ${POLLS} open long polls and of a worker, on one file where nothing happens`,
  async run(bench) {
    const { address, database, child } = await bench.server();
    const worker = bench.child<WorkerFunctions>('processes/worker-process');
    await worker.call.start({ database, concurrency: 10 });
    const { call } = bench.child<WaitingFunctions>('processes/waiting-process');
    const usages = (): Promise<Usage[]> => Promise.all([child.call.usage(), worker.call.usage()]);
    const percentOf = (seconds: number, before?: Usage, after?: Usage): number =>
      (((after?.cpuSeconds ?? Number.NaN) - (before?.cpuSeconds ?? Number.NaN)) / seconds) * 100;
    const measure = async (warmUp: boolean): Promise<Idle> => {
      const seconds = warmUp ? 1 : Math.max(1, bench.scaled(SECONDS));
      await call.openPolls(database, address, POLLS);
      await delay(Math.min(seconds, SETTLE_SECONDS) * 1000);
      const before = await usages();
      await delay(seconds * 1000);
      const after = await usages();
      await call.closePolls();
      return {
        server: percentOf(seconds, before[0], after[0]),
        worker: percentOf(seconds, before[1], after[1]),
      };
    };
    const { each } = await bench.rounds({ each: measure });
    await worker.call.stop();
    const row = (what: string, samples: number[]) => ({
      what,
      unit: '% of a core',
      samples,
      target: { atMost: 1 },
    });
    return [
      row(
        `server, ${POLLS} long polls`,
        each.map(({ server }) => server),
      ),
      row(
        'worker',
        each.map(({ worker }) => worker),
      ),
    ];
  },
};

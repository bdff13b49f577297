import type { Bench } from '../support/bench.js';
import type { Figure } from '../support/figure.js';
import { assertNoErrors, enqueueBatch } from '../support/load/load.js';
import type { WorkerFunctions } from '../support/processes/worker-process.js';

const TASKS = 1_000_000;
const BATCH = 500;

/** Share of the tasks after which memory is looked at first: by then everything has been used once. */
const WARM_SHARE = 0.1;

const PAUSE_MS = 200;

async function remaining(address: string): Promise<number> {
  const reply = await fetch(`${address}/api/queue/stats`);
  return ((await reply.json()) as { total_tasks: number }).total_tasks;
}

/** Enqueues so many tasks over HTTP, and waits until they have been run and pruned. */
async function runAndPrune(bench: Bench, address: string, tasks: number): Promise<void> {
  for (let left = tasks; left > 0; ) {
    const result = await bench.load({ address, connections: 1, seconds: 1, requests: [enqueueBatch(BATCH)] });
    left -= assertNoErrors(result).answers * BATCH;
    bench.say(`${Math.max(0, left)} to enqueue, ${await remaining(address)} in the file`);
  }
  while ((await remaining(address)) > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}

/** What a million tasks leave behind in memory. */
export const memory: Figure = {
  name: 'memory',
  about:
    'resident memory after a million tasks were enqueued, run and pruned, less that after the first tenth',
  long: true,
  async run(bench) {
    const server = await bench.server({ keepCompletedDays: 0 });
    const worker = bench.child<WorkerFunctions>('processes/worker-process');
    await worker.call.start({ database: server.database, concurrency: 200, keepCompletedDays: 0 });
    const tasks = bench.scaled(TASKS);
    await runAndPrune(bench, server.address, tasks * WARM_SHARE);
    const before = [await server.child.call.usage(), await worker.call.usage()];
    await runAndPrune(bench, server.address, tasks * (1 - WARM_SHARE));
    const after = [await server.child.call.usage(), await worker.call.usage()];
    await worker.call.stop();
    return ['server', 'worker'].flatMap((name, at) => [
      {
        what: `${name}: growth`,
        unit: 'MB',
        samples: [(after[at]?.memoryMb ?? 0) - (before[at]?.memoryMb ?? 0)],
        target: { atMost: 50 },
      },
      { what: `${name}: at the end`, unit: 'MB', samples: [after[at]?.memoryMb ?? 0] },
    ]);
  },
};

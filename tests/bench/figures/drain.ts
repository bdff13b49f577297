import type { Bench } from '../support/bench.js';
import { type Figure, ratioRow } from '../support/figure.js';
import type { QueueFunctions } from '../support/processes/queue-process.js';
import type { WorkerFunctions } from '../support/processes/worker-process.js';

const TASKS = 40_000;

/** The most there can be: full claims are made beside each other, so that the writer is never idle. */
const CONCURRENCY = 1000;

/** Tasks per second of so many worker processes on one file, from their start until everything is done. */
async function drainRate(bench: Bench, processes: number): Promise<number> {
  const queue = bench.child<QueueFunctions>('processes/queue-process');
  const database = bench.newDatabase();
  const tasks = bench.scaled(TASKS);
  await queue.call.fill(database, tasks);
  const workers = Array.from({ length: processes }, () =>
    bench.child<WorkerFunctions>('processes/worker-process'),
  );
  // Answered once they are up: starting node is not draining.
  await Promise.all(workers.map(({ call }) => call.usage()));
  const start = performance.now();
  await Promise.all(workers.map(({ call }) => call.start({ database, concurrency: CONCURRENCY })));
  await queue.call.untilDrained(database);
  const seconds = (performance.now() - start) / 1000;
  await Promise.all(workers.map(({ call }) => call.stop()));
  await Promise.all([queue, ...workers].map((child) => child.end()));
  return tasks / seconds;
}

/** How fast workers run tasks that do nothing. */
export const drain: Figure = {
  name: 'drain',
  about: 'no-op tasks run by one worker process, and by two on the same file; FULL',
  async run(bench) {
    const rates = await bench.rounds({ one: () => drainRate(bench, 1), two: () => drainRate(bench, 2) });
    return [
      ratioRow({
        what: 'two processes ÷ one',
        ours: rates.two,
        reference: rates.one,
        of: 'tasks/s',
        target: { atLeast: 1.2 },
      }),
    ];
  },
};

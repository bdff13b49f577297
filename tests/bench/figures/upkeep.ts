import { copyFileSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../support/bench.js';
import { type Figure, ratioRow } from '../support/figure.js';
import { assertNoErrors, ENQUEUE, onlyPolls, POLLED } from '../support/load/load.js';
import type { LoadFunctions } from '../support/load/load-process.js';
import type { WorkerFunctions } from '../support/processes/worker-process.js';

const TASKS = 1_000_000;

const WORKERS = 4;

/** What comes in meanwhile, and is run. */
const ENQUEUES_PER_SECOND = 200;

/** So long is one measurement, in lengths of the plan's: a backup has its beginning, its middle and its end in it. */
const LENGTHS = 3;

/** As good as for ever, and not at all. */
const KEEP_DAYS = { without: 3650, with: 0 };

/** Every second, so that while one is measured there is always one under way. */
const BACKUP_INTERVAL_HOURS = 1 / 3600;

/** A file of tasks that are over, and some that are scheduled: those are polled, as no retention deletes them. */
const fill = (bench: Bench): Promise<string> =>
  bench.filledDatabase([
    { count: POLLED, type: "'later'", status: "'queued'", due: '0' },
    { count: bench.scaled(TASKS), type: "'email'", status: "'completed'", due: 'null' },
  ]);

async function startWorkers(bench: Bench, database: string, keepCompletedDays: number) {
  const workers = Array.from({ length: WORKERS }, () =>
    bench.child<WorkerFunctions>('processes/worker-process'),
  );
  const options = { database, concurrency: 10, keepCompletedDays };
  await Promise.all(workers.map(({ call }) => call.start(options)));
  return workers;
}

const isBackup = (name: string): boolean => /T\d{9}Z/.test(name) && !name.includes('.part');

async function countTasks(address: string): Promise<number> {
  const answer = await fetch(`${address}/api/queue/stats`);
  return ((await answer.json()) as { total_tasks: number }).total_tasks;
}

/** Throws unless there was upkeep: what is measured without it would say nothing. */
async function assertUpkeep(bench: Bench, folder: string, deleted: number, seconds: number): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!readdirSync(folder).some(isBackup)) {
    if (Date.now() > deadline) throw new Error('No backup was made');
    await delay(50);
  }
  if (deleted <= 0) throw new Error('Retention has deleted nothing');
  bench.say(`deleted ${Math.round(deleted / seconds)} tasks a second, with a backup under way`);
}

/** p99 of polls, in milliseconds, of a server and workers on a copy of the file. */
async function p99Of(bench: Bench, filled: string, upkeep: keyof typeof KEEP_DAYS): Promise<number> {
  const database = bench.newDatabase();
  copyFileSync(filled, database);
  const folder = bench.newFolder();
  const keepCompletedDays = KEEP_DAYS[upkeep];
  const backups = { folder, intervalHours: BACKUP_INTERVAL_HOURS, keep: 1 };
  const server = await bench.server({ database, keepCompletedDays, ...(upkeep === 'with' && { backups }) });
  const workers = await startWorkers(bench, database, keepCompletedDays);
  const enqueuer = bench.child<LoadFunctions>('load/load-process');
  const { address } = server;
  const seconds = bench.plan.seconds * LENGTHS;
  const enqueues = { address, seconds, connections: 4, perSecond: ENQUEUES_PER_SECOND, requests: [ENQUEUE] };
  const [polled, enqueued] = await Promise.all([
    onlyPolls(bench, address, seconds),
    enqueuer.call.run(enqueues),
  ]);
  const were = POLLED + bench.scaled(TASKS) + assertNoErrors(enqueued).answers;
  const deleted = were - (await countTasks(address));
  if (upkeep === 'with') await assertUpkeep(bench, folder, deleted, seconds);
  await Promise.all(workers.map(({ call }) => call.stop()));
  await server.child.call.stop();
  await Promise.all([enqueuer, server.child, ...workers].map((child) => child.end()));
  return assertNoErrors(polled).p99;
}

/** Whether those who poll notice that old tasks are deleted and a backup is made. */
export const upkeep: Figure = {
  name: 'upkeep',
  about: `p99 of polls while retention deletes from ${TASKS / 1e6} million tasks and a backup is made ÷ neither; ${WORKERS} workers`,
  long: true,
  async run(bench) {
    const filled = await fill(bench);
    const p99 = await bench.rounds({
      without: () => p99Of(bench, filled, 'without'),
      with: () => p99Of(bench, filled, 'with'),
    });
    return [
      ratioRow({
        what: 'p99 with ÷ without',
        ours: p99.with,
        reference: p99.without,
        of: 'ms',
        target: { atMost: 2 },
      }),
    ];
  },
};

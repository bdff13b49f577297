import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { createQueue } from '../../src/index.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { type Exit, startWorker } from '../support/program.js';

const NEIGHBOURS = 5;
const HANDLERS = fileURLToPath(new URL('../support/crashing-handlers.mjs', import.meta.url));

interface Options {
  /** How the bad one ends its process. */
  how: string;
  /** Of every task. */
  maxAttempts: number;
  leaseSeconds: number;
  /** How long the innocent ones take. */
  workMs: number;
}

/** One bad task beside five innocent ones, and a worker that is started again whenever it ends, until all are done. */
async function supervise({ how, maxAttempts, leaseSeconds, workMs }: Options) {
  const folder = scratchFolder();
  const database = join(folder, 'queue.db');
  const queue = createQueue({ database });
  onTestEnd(() => queue.close());
  const payload = { how, workMs, neighbours: NEIGHBOURS, crashed: join(folder, 'crashed') };
  const { taskId } = await queue.enqueue({ type: 'bad', payload, maxAttempts });
  const ids: number[] = [];
  for (let n = 0; n < NEIGHBOURS; n++)
    ids.push((await queue.enqueue({ type: 'innocent', payload, maxAttempts })).taskId);
  const isDone = async () => {
    const { completedTasks, failedTasks } = await queue.stats();
    return completedTasks + failedTasks === NEIGHBOURS + 1;
  };
  const args = ['--handlers', HANDLERS, '--log-format', 'json', '--lease-seconds', String(leaseSeconds)];
  const runs: { exit: Exit; stderr: string }[] = [];
  while (!(await isDone())) {
    const worker = await startWorker(database, args);
    while (worker.isRunning && !(await isDone())) await delay(50);
    if (worker.isRunning) worker.signal('SIGTERM');
    runs.push({ exit: await worker.exited, stderr: worker.stderr });
  }
  const innocents = await Promise.all(ids.map((id) => queue.get(id)));
  return { queue, bad: await queue.get(taskId), innocents, runs };
}

test.each([
  ['an error in a timer', 'timer', 1, 'trapped'],
  ['a rejection that nothing awaits', 'rejection', 1, 'nobody awaits this'],
  ['an error event that nothing listens to', 'emitter', 1, 'nobody listens'],
  ['a worker thread that throws', 'thread', 1, 'in a thread'],
  ['undefined, thrown in a timer', 'undefined', 1, 'undefined'],
  ['a proxy, thrown in a timer', 'proxy', 1, '{ secret: 1 }'],
  ['process.exit(0)', 'exit 0', 1, 'process.exit(0) was called while the handler ran'],
  ['process.exit(3), in a timer', 'exit 3', 3, 'process.exit(3) was called while the handler ran'],
])('%s fails the attempt that did it, and costs its neighbours nothing', async (_, how, code, message) => {
  // How long a thread's error takes to come is for the system to say.
  const settings = { maxAttempts: 1, leaseSeconds: 60, workMs: how === 'thread' ? 5_000 : 300 };
  const { queue, bad, innocents, runs } = await supervise({ how, ...settings });
  expect(bad).toMatchObject({ status: 'failed', failureReason: 'error', attempts: 1, errorMessage: message });
  for (const task of innocents) expect(task).toMatchObject({ status: 'completed', attempts: 1 });
  expect(runs.map(({ exit }) => exit)).toEqual([
    { code, signal: null },
    { code: 0, signal: null },
  ]);
  expect(runs[0]?.stderr).toContain(`"task":${bad.taskId}`);
  const entries = [];
  for await (const entry of queue.logs(bad.taskId)) entries.push(entry);
  expect(entries.at(-1)).toMatchObject({
    level: 'error',
    message: `Failed: ${message}`,
    details: { error: expect.anything() },
  });
});

test('an error in a listener of the signal is attributed too', async () => {
  const { innocents, runs } = await supervise({
    how: 'listener',
    maxAttempts: 1,
    leaseSeconds: 60,
    workMs: 2_000,
  });
  for (const task of innocents) expect(task).toMatchObject({ status: 'completed', attempts: 1 });
  expect(runs[0]?.exit).toEqual({ code: 1, signal: null });
});

test('a task that has its process killed takes none of the others with it for good', async () => {
  const { bad, innocents } = await supervise({ how: 'kill', maxAttempts: 3, leaseSeconds: 1, workMs: 300 });
  expect(bad).toMatchObject({ status: 'failed', failureReason: 'lease_expired', attempts: 3 });
  for (const task of innocents) expect(task).toMatchObject({ status: 'completed' });
}, 400_000);

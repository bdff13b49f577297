import { expect, test } from '@jest/globals';
import type { Exit, Program } from '../support/program.js';
import { MoodyQueue } from '../support/test-queue.js';
import { eventually } from '../support/waiting.js';

const SIGNALS = [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const;

/** Sends the signal until the process has ended: signals in quick succession count as one. */
async function insist(worker: Program, signal: NodeJS.Signals): Promise<Exit> {
  await eventually(() => {
    worker.signal(signal);
    return !worker.isRunning;
  });
  return worker.exited;
}

test.each(SIGNALS)(
  '%s drains: what runs is finished, nothing more is claimed, and it exits with 0',
  async (signal, _code) => {
    const queue = new MoodyQueue();
    const worker = await queue.process();
    const running = [await queue.enqueueMood('wait'), await queue.enqueueMood('wait')];
    for (const id of running) await queue.started(id);
    worker.signal(signal);
    await worker.says(/Draining: waiting for running tasks to finish/);
    const next = await queue.enqueueMood('ok');
    queue.release();
    expect(await worker.exited).toEqual({ code: 0, signal: null });
    for (const id of running)
      expect(await queue.find(id)).toMatchObject({ status: 'completed', attempts: 1 });
    expect(await queue.find(next)).toMatchObject({ status: 'queued', attempts: 0 });
    expect(await queue.storage.repositories.workers.list()).toEqual([]);
  },
);

test.each(SIGNALS)('a second %s gives back what is left, and it exits with %i', async (signal, code) => {
  const queue = new MoodyQueue();
  const worker = await queue.process('--lease-seconds', '3600');
  const id = await queue.enqueueMood('hang');
  await queue.started(id);
  worker.signal(signal);
  await worker.says(/Draining: waiting for running tasks to finish/);
  expect(await insist(worker, signal)).toEqual({ code, signal: null });
  expect(await queue.find(id)).toMatchObject({ status: 'queued', attempts: 0, errorMessage: null });
  expect(queue.trace()).toEqual([`${id} 1 started`, `${id} 1 aborted released: The worker is stopping`]);
  // Its lease would have lasted an hour.
  await queue.rescuer({ misbehave: () => 'elsewhere' });
  expect(await queue.reaches(id, 'completed')).toMatchObject({ attempts: 1, result: '"elsewhere"' });
});

test('signals in quick succession, as npm and a terminal send them, count as one', async () => {
  const queue = new MoodyQueue();
  const worker = await queue.process();
  const id = await queue.enqueueMood('wait');
  await queue.started(id);
  // Of one kind that is still pending the system delivers only one.
  worker.signal('SIGINT');
  worker.signal('SIGTERM');
  worker.signal('SIGINT');
  await worker.says(/Draining: waiting for running tasks to finish/);
  const next = await queue.enqueueMood('wait');
  queue.release();
  expect(await worker.exited).toEqual({ code: 0, signal: null });
  expect(await queue.find(id)).toMatchObject({ status: 'completed', attempts: 1 });
  expect(await queue.find(next)).toMatchObject({ status: 'queued' });
});

test('when the grace is over what is left is given back, and it exits with 0 though a handler goes on', async () => {
  const queue = new MoodyQueue();
  const worker = await queue.process('--grace-seconds', '0.1');
  const id = await queue.enqueueMood('hang');
  await queue.started(id);
  worker.signal('SIGTERM');
  expect(await worker.exited).toEqual({ code: 0, signal: null });
  expect(await queue.find(id)).toMatchObject({ status: 'queued', attempts: 0 });
});

test('a stop under load loses nothing and runs nothing twice', async () => {
  const queue = new MoodyQueue();
  const ids: number[] = [];
  for (let n = 0; n < 300; n++) ids.push(await queue.enqueueMood('ok'));
  const [first, second] = [await queue.process(), await queue.process()];
  await eventually(() => queue.trace().length > 30);
  first!.signal('SIGTERM');
  expect(await first!.exited).toEqual({ code: 0, signal: null });
  await eventually(async () => (await queue.storage.repositories.stats.overview()).completed === 300);
  second!.signal('SIGTERM');
  expect(await second!.exited).toEqual({ code: 0, signal: null });
  expect(queue.trace().sort()).toEqual(ids.map((id) => `${id} 1 started`).sort());
});

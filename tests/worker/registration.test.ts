import { hostname } from 'node:os';
import { expect, test } from '@jest/globals';
import { steppedQueue } from '../support/test-queue.js';
import { eventually, Gate } from '../support/waiting.js';

test('a worker is on the list from its start to its end, with what it offers and holds', async () => {
  const { queue, clock } = steppedQueue();
  const { workers } = queue.storage.repositories;
  const startedAt = clock.now();
  const ids = [await queue.enqueue(), await queue.enqueue()];
  const started = new Gate();
  const end = new Gate();
  const worker = queue.worker(
    {
      other: () => 1,
      work: () => {
        started.open();
        return end.passed;
      },
    },
    { concurrency: 7, capabilities: { region: 'us' } },
  );
  const ran = worker.runOnce();
  await started.passed;
  const entry = {
    id: 'worker-a',
    host: hostname(),
    pid: process.pid,
    version: '1.2.3',
    types: ['other', 'work'],
    capabilities: { region: 'us' },
    slots: 7,
    startedAt,
    lastHeartbeat: startedAt,
    live: true,
    heldTaskIds: ids,
  };
  expect(await workers.list()).toEqual([expect.objectContaining(entry)]);
  end.open();
  await ran;
  expect(await workers.list()).toEqual([expect.objectContaining({ ...entry, heldTaskIds: [] })]);
  await worker.stop();
  expect(await workers.list()).toEqual([]);
});

test('a worker that has missed three heartbeats no longer counts as live, whatever its lease', async () => {
  const { queue, clock } = steppedQueue();
  await queue.worker({ work: () => 1 }, { leaseSeconds: 60 }).runOnce();
  const live = async () => (await queue.storage.repositories.workers.list()).map((entry) => entry.live);
  clock.advance(15_000);
  expect(await live()).toEqual([true]);
  clock.advance(1);
  expect(await live()).toEqual([false]);
});

test('a heartbeat from an hour that the clock was set back by does not count', async () => {
  const { queue, clock } = steppedQueue();
  await queue.worker({ work: () => 1 }).runOnce();
  clock.advance(-3_600_000);
  expect(await queue.storage.repositories.workers.list()).toEqual([expect.objectContaining({ live: false })]);
});

test('names are made up so that two workers of one process differ', async () => {
  const { queue } = steppedQueue();
  const [a, b] = [1, 2].map(() => queue.worker({ work: () => 1 }, { workerId: undefined as never }));
  expect(a?.id).toContain(`${hostname()}-${process.pid}-`);
  expect(a?.id).not.toBe(b?.id);
});

test('of two workers with one id the first can stop, and the second is still on the list', async () => {
  const { queue } = steppedQueue();
  const { workers } = queue.storage.repositories;
  const first = queue.worker({ work: () => 1 });
  await first.start();
  // The same worker in another process, as in a rolling restart.
  const second = { id: 'worker-a', host: hostname(), pid: process.pid + 1, version: '1.2.3' };
  const registration = { ...second, types: ['work'], capabilities: {}, slots: 1, staleMs: 60_000 };
  await workers.register(registration);
  await first.stop();
  expect(await workers.list()).toMatchObject([second]);
});

test('a worker whose id another one uses says so once', async () => {
  const { queue, clock } = steppedQueue();
  const { workers } = queue.storage.repositories;
  const end = new Gate();
  const worker = queue.worker({ work: () => end.passed }, { leaseSeconds: 1 });
  await worker.start();
  const other = { id: 'worker-a', host: 'elsewhere', pid: 7, version: '1.2.3' };
  await workers.register({ ...other, types: null, capabilities: {}, slots: 1, staleMs: 60_000 });
  const warnings = () => queue.logger.messages.filter((message) => message.includes('uses the same id'));
  await eventually(() => warnings().length > 0);
  const id = await queue.enqueue();
  await eventually(async () => (await queue.find(id)).status === 'processing');
  // Each heartbeat that follows meets the other one again, and renews the lease.
  for (let beat = 0; beat < 3; beat++) {
    clock.advance(100);
    await queue.enqueue({ type: 'tick' });
    const until = clock.now() + 1_000;
    await eventually(async () => (await queue.find(id)).leaseUntil === until);
  }
  expect(warnings()).toHaveLength(1);
  end.open();
});

import { rmSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { systemClock } from '../../src/index.js';
import { Reaper } from '../../src/maintenance/reaper.js';
import { lockFile } from '../support/sqlite.js';
import { steppedQueue, TestQueue } from '../support/test-queue.js';
import { eventually, Gate } from '../support/waiting.js';

const BUSY_MS = 30;
const FULL_DISK = { writerThread: new URL('../support/full-disk-writer-thread.js', import.meta.url) };

const fillDisk = ({ file }: TestQueue): void => writeFileSync(`${file}-full`, '');
const freeDisk = ({ file }: TestQueue): void => rmSync(`${file}-full`);

const said = ({ logger }: TestQueue, text: string): number =>
  logger.messages.filter((message) => message === text).length;

/** A worker on one task whose handler waits. */
async function busyWorker(queue: TestQueue, leaseSeconds = 60) {
  const id = await queue.enqueue({ maxAttempts: 1 });
  const started = new Gate();
  const end = new Gate<unknown>();
  const worker = queue.worker(
    {
      work: (_, { log }) => {
        started.open();
        return end.passed.then((result) => {
          log.info('nearly done');
          return result;
        });
      },
    },
    { leaseSeconds, pollSeconds: 3600 },
  );
  await worker.start();
  await started.passed;
  return { id, worker, end };
}

test('a settle outlives a lock held past the deadline', async () => {
  const { queue } = steppedQueue({ busyMs: BUSY_MS });
  const { id, worker, end } = await busyWorker(queue);
  const unlock = lockFile(queue.file);
  end.open('kept');
  await eventually(() => said(queue, 'storing failed, retrying') > 1);
  expect(await queue.find(id)).toMatchObject({ status: 'processing' });
  unlock();
  await worker.stop();
  expect(await queue.find(id)).toMatchObject({ status: 'completed', result: '"kept"', attempts: 1 });
  expect(await queue.log(id)).toEqual(['info Claimed by worker-a', 'info nearly done', 'info Completed']);
});

test('a settle outlives a disk that is full for longer than the lease', async () => {
  const queue = new TestQueue({ clock: systemClock, ...FULL_DISK });
  const reaper = new Reaper(queue.storage.repositories.leases, systemClock, queue.logger);
  await reaper.tick();
  const { id, worker, end } = await busyWorker(queue, 1);
  fillDisk(queue);
  end.open('kept');
  await eventually(() => said(queue, 'storing failed, retrying') > 0);
  await eventually(async () => {
    await reaper.tick();
    return said(queue, 'expiring leases failed, retrying') > 0;
  });
  freeDisk(queue);
  await reaper.tick();
  await worker.stop();
  expect(await queue.find(id)).toMatchObject({ status: 'completed', result: '"kept"', attempts: 1 });
});

test('progress waits for room instead of failing its handler', async () => {
  const { queue } = steppedQueue(FULL_DISK);
  const id = await queue.enqueue();
  const started = new Gate();
  const ran = queue
    .worker({
      work: async (_, { progress }) => {
        fillDisk(queue);
        started.open();
        await progress(40);
        return (await queue.find(id)).progress;
      },
    })
    .runOnce();
  await started.passed;
  await eventually(() => said(queue, 'storing failed, retrying') > 0);
  freeDisk(queue);
  await ran;
  expect(await queue.find(id)).toMatchObject({ status: 'completed', result: '40' });
});

test('claims that find no room are tried again, with pauses', async () => {
  const queue = new TestQueue({ clock: systemClock, ...FULL_DISK });
  const worker = queue.worker({ work: () => 'done' }, { pollSeconds: 3600 });
  // Registers while there is room.
  await worker.runOnce();
  // Due since a moment ago: waiting for its time is over at once.
  const id = await queue.enqueue({ runAfter: Date.now() + 20 });
  fillDisk(queue);
  await worker.start();
  await eventually(() => said(queue, 'claiming failed, retrying') > 1);
  expect(said(queue, 'claiming failed, retrying')).toBeLessThan(10);
  freeDisk(queue);
  await eventually(async () => (await queue.find(id)).status === 'completed');
});

test('stop ends although nothing can be stored; the lease runs out later', async () => {
  const { queue } = steppedQueue(FULL_DISK);
  const { id, worker, end } = await busyWorker(queue);
  fillDisk(queue);
  end.open('lost');
  await eventually(() => said(queue, 'storing failed, retrying') > 0);
  await worker.stop({ graceSeconds: 0.01 });
  freeDisk(queue);
  expect(await queue.find(id)).toMatchObject({ status: 'processing', attempts: 1 });
});

test('a running task is given back on stop when there is room again within the grace', async () => {
  const { queue } = steppedQueue(FULL_DISK);
  const { id, worker, end } = await busyWorker(queue);
  fillDisk(queue);
  end.open('kept');
  await eventually(() => said(queue, 'storing failed, retrying') > 0);
  const stopped = worker.stop({ graceSeconds: 3600 });
  freeDisk(queue);
  await stopped;
  expect(await queue.find(id)).toMatchObject({ status: 'completed', result: '"kept"' });
});

test('what a handler has achieved is settled, not given back, when the worker is stopped meanwhile', async () => {
  const { queue } = steppedQueue({ busyMs: BUSY_MS });
  const { id, worker, end } = await busyWorker(queue);
  const unlock = lockFile(queue.file);
  end.open('kept');
  await eventually(() => said(queue, 'storing failed, retrying') > 0);
  const stopped = worker.stop({ graceSeconds: 3600 });
  unlock();
  await worker.stop({ graceSeconds: 0 });
  await stopped;
  expect(await queue.find(id)).toMatchObject({ status: 'completed', result: '"kept"' });
});

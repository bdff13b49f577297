import { expect, test } from '@jest/globals';
import { AttemptOver, type Handler } from '../../src/index.js';
import { lockFile } from '../support/sqlite.js';
import { steppedQueue, type TestQueue } from '../support/test-queue.js';
import { Gate } from '../support/waiting.js';

/** Starts a worker with one slot on one task; resolves once that runs. */
async function busyWorker(queue: TestQueue, options: { graceSeconds?: number } = {}) {
  const id = await queue.enqueue();
  const started = new Gate();
  const end = new Gate<unknown>();
  const aborted = new Gate<unknown>();
  const work: Handler = (_, { signal }) => {
    signal.addEventListener('abort', () => aborted.open(signal.reason));
    started.open();
    return end.passed;
  };
  const worker = queue.worker({ work }, { concurrency: 1, pollSeconds: 3600, ...options });
  await worker.start();
  await started.passed;
  return { id, worker, end, aborted: aborted.passed };
}

test('stop waits for what is running and claims nothing more', async () => {
  const { queue } = steppedQueue();
  const { id, worker, end } = await busyWorker(queue);
  const next = await queue.enqueue();
  const stopped = worker.stop();
  end.open('done');
  await stopped;
  expect(await queue.find(id)).toMatchObject({ status: 'completed', result: '"done"', attempts: 1 });
  expect(await queue.find(next)).toMatchObject({ status: 'queued', attempts: 0 });
});

test('stop may wait without end', async () => {
  const { queue } = steppedQueue();
  const { id, worker, end } = await busyWorker(queue);
  const stopped = worker.stop({ graceSeconds: Number.POSITIVE_INFINITY });
  // Begun later than a timer that overflows, and longer than the millisecond that one takes.
  await new Promise((resolve) => setTimeout(resolve, 20));
  end.open('done');
  await stopped;
  expect(await queue.find(id)).toMatchObject({ status: 'completed', result: '"done"', attempts: 1 });
});

test('a second stop with no grace gives back at once, at no cost in attempts, and tells the handler', async () => {
  const { queue } = steppedQueue();
  const { id, worker, aborted } = await busyWorker(queue);
  const draining = worker.stop();
  await worker.stop({ graceSeconds: 0 });
  await draining;
  const reason = await aborted;
  expect(reason).toBeInstanceOf(AttemptOver);
  expect(reason).toMatchObject({ end: 'released', message: 'The worker is stopping' });
  expect(await queue.find(id)).toMatchObject({
    status: 'queued',
    attempts: 0,
    lockedBy: null,
    errorMessage: null,
  });
  expect(await queue.log(id)).toEqual(['info Claimed by worker-a', 'info Released by its worker']);
});

test.each([
  ['the worker was given', { graceSeconds: 0.01 }, undefined],
  ['stop was given', {}, { graceSeconds: 0.01 }],
])('the grace that %s runs out', async (_, options, stopOptions) => {
  const { queue } = steppedQueue();
  const { id, worker } = await busyWorker(queue, options);
  await worker.stop(stopOptions);
  expect(await queue.find(id)).toMatchObject({ status: 'queued', attempts: 0 });
});

test('a second stop may shorten the wait without ending it', async () => {
  const { queue } = steppedQueue();
  const { id, worker } = await busyWorker(queue);
  const draining = worker.stop({ graceSeconds: 3600 });
  await worker.stop({ graceSeconds: 0.01 });
  await draining;
  expect(await queue.find(id)).toMatchObject({ status: 'queued', attempts: 0 });
});

test('a given back task can be claimed at once', async () => {
  const { queue } = steppedQueue();
  const { id, worker } = await busyWorker(queue);
  await worker.stop({ graceSeconds: 0 });
  await queue.worker({ work: () => 'elsewhere' }, { workerId: 'worker-b' }).runOnce();
  expect(await queue.find(id)).toMatchObject({
    status: 'completed',
    result: '"elsewhere"',
    attempts: 1,
    lockedBy: 'worker-b',
  });
});

test('what a handler logged before it was given back is kept', async () => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue();
  const logged = new Gate();
  const worker = queue.worker({
    work: (_, { log }) => {
      log.info('half way');
      logged.open();
      return new Promise(() => {});
    },
  });
  await worker.start();
  await logged.passed;
  await worker.stop({ graceSeconds: 0 });
  expect(await queue.log(id)).toEqual([
    'info Claimed by worker-a',
    'info half way',
    'info Released by its worker',
  ]);
});

test('what was claimed while stop was called is given back without being started', async () => {
  const { queue } = steppedQueue();
  const { id, worker, end } = await busyWorker(queue);
  const next = await queue.enqueue();
  const unlock = lockFile(queue.file);
  end.open('done');
  // The slot is free, and the claim waits for the lock.
  await new Promise((resolve) => setTimeout(resolve, 0));
  const stopped = worker.stop();
  unlock();
  await stopped;
  expect(await queue.find(id)).toMatchObject({ status: 'completed' });
  expect(await queue.find(next)).toMatchObject({ status: 'queued', attempts: 0 });
  expect(await queue.log(next)).toEqual(['info Claimed by worker-a', 'info Released by its worker']);
});

test('a stopped worker claims nothing, however it is asked', async () => {
  const { queue } = steppedQueue();
  const worker = queue.worker({ work: () => 1 });
  await worker.stop();
  const id = await queue.enqueue();
  expect(await worker.runOnce()).toBe(0);
  await worker.start();
  await worker.stop();
  expect(await queue.find(id)).toMatchObject({ status: 'queued' });
});

test('stop during start leaves no worker behind', async () => {
  const { queue } = steppedQueue();
  const worker = queue.worker({ work: () => 1 });
  const starting = worker.start();
  await worker.stop();
  await starting;
  expect(await queue.storage.repositories.workers.list()).toEqual([]);
});

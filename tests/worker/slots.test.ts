import { expect, test } from '@jest/globals';
import type { Handler } from '../../src/index.js';
import { steppedQueue, type TestQueue } from '../support/test-queue.js';
import { eventually, Gate } from '../support/waiting.js';

const SHORT = { timeoutSeconds: 0.02 };

/** A handler that ignores its signal until the gate opens; counts how many run at once, in all and of one task. */
function stubborn() {
  const end = new Gate();
  const seen = { begun: 0, running: 0, most: 0, mostOfOne: 0 };
  const ofTask = new Map<number, number>();
  const handler: Handler = async ({ taskId }) => {
    const runs = (ofTask.get(taskId) ?? 0) + 1;
    ofTask.set(taskId, runs);
    seen.begun++;
    seen.running++;
    seen.most = Math.max(seen.most, seen.running);
    seen.mostOfOne = Math.max(seen.mostOfOne, runs);
    await end.passed;
    ofTask.set(taskId, runs - 1);
    seen.running--;
  };
  return { end, seen, handler };
}

const overdueOf = async (queue: TestQueue): Promise<number | undefined> =>
  (await queue.storage.repositories.workers.list())[0]?.overdue;

test('a slot is taken until its handler returns, although the attempt timed out long before', async () => {
  const { queue } = steppedQueue();
  const ids: number[] = [];
  for (let n = 0; n < 6; n++) ids.push(await queue.enqueue());
  const { end, seen, handler } = stubborn();
  const worker = queue.worker({ work: { handler, ...SHORT } }, { concurrency: 2 });
  expect(await worker.runOnce()).toBe(2);
  expect(await queue.find(ids[0] as number)).toMatchObject({ failureReason: 'timeout' });
  expect(await worker.runOnce()).toBe(0);
  await worker.start();
  // A commit that wakes the worker.
  await queue.enqueue();
  expect(await queue.find(ids[2] as number)).toMatchObject({ status: 'queued' });
  end.open();
  await eventually(() => seen.begun === 7);
  expect(seen.most).toBe(2);
});

test('a task that is cancelled and queued again is not run beside its first run, and runs once that returned', async () => {
  const { queue } = steppedQueue();
  const { tasks } = queue.storage.repositories;
  const id = await queue.enqueue();
  const { end, seen, handler } = stubborn();
  const worker = queue.worker({ work: handler }, { concurrency: 4 });
  await worker.start();
  for (let n = 0; n < 3; n++) {
    await eventually(() => seen.begun === 1);
    await tasks.cancel(id);
    await tasks.retry(id);
  }
  // One that is enqueued later has been claimed, so the first could have been.
  const other = await queue.enqueue();
  await eventually(async () => (await queue.find(other)).status === 'processing');
  await eventually(async () => (await queue.find(id)).status === 'queued');
  expect(seen.mostOfOne).toBe(1);
  end.open();
  await eventually(async () => (await queue.find(id)).status === 'completed');
  expect(seen).toMatchObject({ begun: 3, mostOfOne: 1 });
});

test('meanwhile another worker may run it', async () => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue();
  const { end, handler } = stubborn();
  const worker = queue.worker({ work: { handler, ...SHORT } });
  await worker.runOnce();
  await queue.storage.repositories.tasks.retry(id);
  expect(await worker.runOnce()).toBe(0);
  expect(await queue.worker({ work: () => 'elsewhere' }, { workerId: 'worker-b' }).runOnce()).toBe(1);
  expect(await queue.find(id)).toMatchObject({ status: 'completed', lockedBy: 'worker-b' });
  end.open();
});

test('an overdue handler is logged once, and counted in the list of workers and by the metrics while it runs', async () => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue();
  const { end, handler } = stubborn();
  const worker = queue.worker({ work: { handler, ...SHORT } });
  await worker.runOnce();
  await eventually(async () => (await overdueOf(queue)) === 1);
  expect((await queue.storage.repositories.metrics.queue(10)).overdueHandlers).toBe(1);
  end.open();
  await eventually(async () => (await overdueOf(queue)) === 0);
  const message = 'a handler is still running after its attempt ended; it keeps its slot until it returns';
  expect(queue.logger.lines.filter(({ msg }) => msg === message)).toEqual([
    expect.objectContaining({ task: id, type: 'work' }),
  ]);
});

test('a handler that heeds its signal is not overdue', async () => {
  const { queue } = steppedQueue();
  await queue.enqueue();
  const handler: Handler = (_, { signal }) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve('heard')));
  const worker = queue.worker({ work: { handler, ...SHORT } }, { concurrency: 1 });
  await worker.runOnce();
  await queue.enqueue();
  expect(await worker.runOnce()).toBe(1);
  expect(queue.logger.messages.filter((message) => message.includes('still runs'))).toEqual([]);
});

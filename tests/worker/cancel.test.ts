import { expect, test } from '@jest/globals';
import { AttemptOver } from '../../src/index.js';
import { steppedQueue, type TestQueue } from '../support/test-queue.js';
import { Gate } from '../support/waiting.js';

/** Starts one task whose handler waits for its signal; resolves once it runs. */
async function runningTask({ queue, clock }: ReturnType<typeof steppedQueue>) {
  const started = new Gate();
  const aborted = new Gate<unknown>();
  const worker = queue.worker({
    work: (_, { signal }) => {
      started.open();
      return new Promise((resolve) =>
        signal.addEventListener('abort', () => {
          aborted.open(signal.reason);
          resolve('finished all the same');
        }),
      );
    },
  });
  // Registers it; a heartbeat will have another time.
  await worker.runOnce();
  clock.advance(1);
  const id = await queue.enqueue();
  const ran = worker.runOnce();
  await started.passed;
  return { id, worker, ran, aborted: aborted.passed };
}

test.each([
  ['this storage', (queue: TestQueue) => queue.storage],
  ['another storage on the same file', (queue: TestQueue) => queue.openStorage()],
])('a cancel through %s reaches the handler, and stays', async (_, open) => {
  const stepped = steppedQueue();
  const { queue } = stepped;
  const registeredAt = stepped.clock.now();
  const { id, ran, aborted } = await runningTask(stepped);
  await open(queue).repositories.tasks.cancel(id);
  const reason = await aborted;
  // The commit told, not a heartbeat.
  expect(await queue.storage.repositories.workers.list()).toEqual([
    expect.objectContaining({ lastHeartbeat: registeredAt }),
  ]);
  expect(reason).toBeInstanceOf(AttemptOver);
  expect(reason).toMatchObject({ end: 'lost', message: `Task ${id} was cancelled` });
  await ran;
  expect(await queue.find(id)).toMatchObject({
    status: 'failed',
    failureReason: 'cancelled',
    errorMessage: 'Cancelled by user',
    result: null,
  });
  expect(await queue.log(id)).toEqual(['info Claimed by worker-a', 'warning Cancelled by user']);
});

test('a cancel ends only the task it is for', async () => {
  const stepped = steppedQueue();
  const { queue } = stepped;
  const other = await queue.enqueue({ type: 'other' });
  const end = new Gate();
  const otherWorker = queue.worker({ other: () => end.passed }, { workerId: 'worker-b' });
  const otherRan = otherWorker.runOnce();
  const { id, ran, aborted } = await runningTask(stepped);
  await queue.storage.repositories.tasks.cancel(id);
  await aborted;
  await ran;
  end.open();
  await otherRan;
  expect(await queue.find(other)).toMatchObject({ status: 'completed' });
});

test('a task cancelled and queued again by hand is not settled by its old attempt', async () => {
  const stepped = steppedQueue();
  const { queue } = stepped;
  const { id, ran } = await runningTask(stepped);
  const { tasks } = queue.storage.repositories;
  await tasks.cancel(id);
  await tasks.retry(id);
  await ran;
  expect(await queue.find(id)).toMatchObject({ status: 'queued', attempts: 0, result: null });
});

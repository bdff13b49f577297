import { expect, test } from '@jest/globals';
import { AttemptOver } from '../../src/index.js';
import { Gate } from '../support/gate.js';
import { steppedQueue, type TestQueue } from '../support/test-queue.js';

/** Starts one task whose handler waits for its signal; resolves once it runs. */
async function runningTask(queue: TestQueue) {
  const id = await queue.enqueue();
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
  const ran = worker.runOnce();
  await started.passed;
  return { id, worker, ran, aborted: aborted.passed };
}

test.each([
  ['this storage', (queue: TestQueue) => queue.storage],
  ['another storage on the same file', (queue: TestQueue) => queue.openStorage()],
])('a cancel through %s reaches the handler, and stays', async (_, open) => {
  const { queue } = steppedQueue();
  const { id, ran, aborted } = await runningTask(queue);
  await open(queue).repositories.tasks.cancel(id);
  const reason = await aborted;
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
  const { queue } = steppedQueue();
  const other = await queue.enqueue({ type: 'other' });
  const end = new Gate();
  const otherWorker = queue.worker({ other: () => end.passed }, { workerId: 'worker-b' });
  const otherRan = otherWorker.runOnce();
  const { id, ran, aborted } = await runningTask(queue);
  await queue.storage.repositories.tasks.cancel(id);
  await aborted;
  await ran;
  end.open();
  await otherRan;
  expect(await queue.find(other)).toMatchObject({ status: 'completed' });
});

test('a task cancelled and queued again by hand is not settled by its old attempt', async () => {
  const { queue } = steppedQueue();
  const { id, ran } = await runningTask(queue);
  const { tasks } = queue.storage.repositories;
  await tasks.cancel(id);
  await tasks.retry(id);
  await ran;
  expect(await queue.find(id)).toMatchObject({ status: 'queued', attempts: 0, result: null });
});

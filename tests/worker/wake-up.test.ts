import { expect, test } from '@jest/globals';
import { type Handler, systemClock } from '../../src/index.js';
import { TestQueue } from '../support/test-queue.js';
import { eventually } from '../support/waiting.js';

/** An idle worker that would look for work by itself only in an hour. */
async function sleepingWorker() {
  const queue = new TestQueue({ clock: systemClock });
  const worker = queue.worker({ work: () => 'done' }, { pollSeconds: 3600 });
  await worker.start();
  return queue;
}

const completed = (queue: TestQueue, id: number) => async () => {
  const task = await queue.find(id);
  return task.status === 'completed' && task;
};

test.each([
  ['by this storage', (queue: TestQueue) => queue.storage],
  ['by another storage on the same file', (queue: TestQueue) => queue.openStorage()],
])('a task enqueued %s is picked up without polling', async (_, open) => {
  const queue = await sleepingWorker();
  const storage = open(queue);
  for (let n = 0; n < 3; n++) {
    const id = await queue.enqueue({}, storage);
    await eventually(completed(queue, id));
  }
});

/**
 * How far off that is due which must not be found by chance: later than the first look for missed commits. A queue in
 * memory, where no heartbeat looks like a commit of another process, leaves nothing else to wake its worker.
 */
const LATER_MS = 1_500;
const IN_MEMORY = { file: ':memory:', clock: systemClock };

test('a scheduled task is picked up when it is due, and not before', async () => {
  const queue = new TestQueue(IN_MEMORY);
  await queue.worker({ work: () => 'done' }, { pollSeconds: 3600 }).start();
  const runAfter = Date.now() + LATER_MS;
  const id = await queue.enqueue({ runAfter });
  const task = await eventually(completed(queue, id));
  expect(task.finishedAt).toBeGreaterThanOrEqual(runAfter);
});

test('a failed task is tried again when its delay is over', async () => {
  const queue = new TestQueue(IN_MEMORY);
  const handler: Handler = ({ attempts }) => {
    if (attempts === 1) throw new Error('no luck');
  };
  const retry = { baseSeconds: LATER_MS / 1000 };
  await queue.worker({ work: { handler, retry } }, { pollSeconds: 3600 }).start();
  const id = await queue.enqueue();
  expect(await eventually(completed(queue, id))).toMatchObject({ attempts: 2 });
});

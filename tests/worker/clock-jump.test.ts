import { expect, test } from '@jest/globals';
import { createWorker, ManualClock } from '../../src/index.js';
import { onTestEnd } from '../support/cleanup.js';
import { TestQueue } from '../support/test-queue.js';
import { eventually, Gate } from '../support/waiting.js';

const HOUR_MS = 3_600_000;

test.each([
  ['forward', HOUR_MS],
  ['back', -HOUR_MS],
])('a worker goes on with its task when the clock jumps an hour %s', async (_, jumpMs) => {
  const clock = new ManualClock();
  const queue = new TestQueue({ clock });
  const started = new Gate();
  const end = new Gate();
  let aborted = false;
  const worker = createWorker({
    database: queue.file,
    clock,
    leaseSeconds: 1,
    timeoutSeconds: 600,
    handlers: {
      work: (_task, { signal }) => {
        signal.addEventListener('abort', () => {
          aborted = true;
        });
        started.open();
        return end.passed;
      },
    },
  });
  onTestEnd(() => worker.stop({ graceSeconds: 0 }));
  await worker.start();
  const id = await queue.enqueue();
  await started.passed;
  clock.advance(jumpMs);
  const { leaseUntil } = await queue.find(id);
  // Claiming another task tells the worker's writer of the new time.
  await queue.enqueue();
  await eventually(async () => {
    const task = await queue.find(id);
    return task.leaseUntil === clock.now() + 1000 || task.status !== 'processing';
  });
  expect(leaseUntil).not.toBe(clock.now() + 1000);
  expect(await queue.find(id)).toMatchObject({ status: 'processing', attempts: 1 });
  end.open();
  await eventually(async () => (await queue.find(id)).status === 'completed');
  expect(aborted).toBe(false);
});

import { expect, test } from '@jest/globals';
import { AttemptOver, type Handler } from '../../src/index.js';
import { steppedQueue } from '../support/test-queue.js';
import { Gate } from '../support/waiting.js';

const SHORT = { timeoutSeconds: 0.02 };

/** Ends as soon as its signal tells it to. */
const heeding: Handler = (_, { signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

test('an attempt that takes too long is failed for good, its handler told why', async () => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue();
  const reasons: unknown[] = [];
  const handler: Handler = async (task, context) => {
    context.signal.addEventListener('abort', () => reasons.push(context.signal.reason));
    await heeding(task, context);
  };
  await queue.worker({ work: { handler, ...SHORT } }).runOnce();
  expect(await queue.find(id)).toMatchObject({
    status: 'failed',
    failureReason: 'timeout',
    errorMessage: 'Timed out after 0.02 s',
    attempts: 1,
  });
  expect(reasons).toEqual([expect.any(AttemptOver)]);
  expect(reasons[0]).toMatchObject({ end: 'timeout', message: 'Timed out after 0.02 s' });
});

test('a handler that ignores its signal is bounded too; what it does later changes nothing', async () => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue();
  const end = new Gate();
  const late = new Gate<unknown>();
  const handler: Handler = async (_, { progress, log }) => {
    await end.passed;
    log.info('still here');
    late.open(await progress(99).catch((error: unknown) => error));
    return 'too late';
  };
  await queue.worker({ work: { handler, ...SHORT } }).runOnce();
  const before = await queue.find(id);
  expect(before).toMatchObject({ status: 'failed', failureReason: 'timeout' });
  end.open();
  expect(await late.passed).toMatchObject({ code: 'LEASE_LOST' });
  expect(await queue.find(id)).toEqual(before);
  expect(await queue.log(id)).not.toContain('info still here');
});

test('what such a handler reports when its worker and the file are closed is refused, not tried for ever', async () => {
  const { queue } = steppedQueue();
  await queue.enqueue();
  const end = new Gate();
  const late = new Gate<unknown>();
  const handler: Handler = async (_, { progress }) => {
    await end.passed;
    late.open(await progress(99).catch((error: unknown) => error));
  };
  const worker = queue.worker({ work: { handler, ...SHORT } });
  await worker.runOnce();
  await worker.stop();
  await queue.storage.close();
  end.open();
  expect(await late.passed).toMatchObject({ code: 'NOT_READY' });
});

test('a type may have its timeouts retried', async () => {
  const { queue, clock } = steppedQueue();
  const id = await queue.enqueue({ maxAttempts: 2 });
  const worker = queue.worker({ work: { handler: heeding, ...SHORT, retryTimeouts: true } });
  await worker.runOnce();
  expect(await queue.find(id)).toMatchObject({
    status: 'queued',
    errorMessage: 'Timed out after 0.02 s',
    runAfter: clock.now() + 1000,
  });
  clock.advance(1000);
  await worker.runOnce();
  expect(await queue.find(id)).toMatchObject({ status: 'failed', failureReason: 'timeout', attempts: 2 });
});

test('the worker has a timeout for types that name none', async () => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue();
  await queue.worker({ work: heeding }, SHORT).runOnce();
  expect(await queue.find(id)).toMatchObject({ failureReason: 'timeout' });
});

test.each([
  ['no end', 0],
  ['24 days', 24 * 86_400],
])('a timeout of %s does not end an attempt early', async (_, timeoutSeconds) => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue();
  // Longer than the millisecond that a timer out of its range would take.
  const handler: Handler = () => new Promise((resolve) => setTimeout(resolve, 20, 'done'));
  await queue.worker({ work: { handler, timeoutSeconds } }).runOnce();
  expect(await queue.find(id)).toMatchObject({ status: 'completed' });
});

import { expect, test } from '@jest/globals';
import { type Handler, Rejected, RetryAfter } from '../../src/index.js';
import { steppedQueue } from '../support/test-queue.js';
import { until } from '../support/waiting.js';

const [DEBUG, INFO, WARN, ERROR] = [20, 30, 40, 50];

/** Runs one attempt of a task; resolves to the lines of the program's log about it. */
async function logged(handler: Handler, { maxAttempts = 5, level = 'info', timeoutSeconds = 0 } = {}) {
  const { queue, clock } = steppedQueue();
  queue.logger.level = level;
  const id = await queue.enqueue({ maxAttempts });
  const timed: Handler = (task, context) => {
    clock.advance(250);
    return handler(task, context);
  };
  const worker = queue.worker({ work: { handler: timed, timeoutSeconds } });
  await worker.runOnce();
  const lines = queue.logger.lines.map(({ time: _, ...line }) => line);
  return { id, lines };
}

const about = (id: number) => ({
  task_id: id,
  type: 'work',
  attempt: 1,
  max_attempts: 5,
  worker_id: 'worker-a',
  duration_ms: 250,
});

const fail =
  (error: unknown): Handler =>
  () => {
    throw error;
  };

test('an attempt that will be tried again is a warning, and says when', async () => {
  const { id, lines } = await logged(fail(new RetryAfter(30, 'no route')));
  expect(lines).toEqual([
    {
      level: WARN,
      msg: 'attempt failed, will be retried',
      ...about(id),
      error_message: 'no route',
      reason: 'error',
      retry_in_ms: 30_000,
    },
  ]);
});

test.each([
  ['the last attempt', new Error('no route'), 1, 'error'],
  ['what is rejected', new Rejected('no route'), 5, 'rejected'],
])('%s is an error, as the task has failed', async (_, error, maxAttempts, reason) => {
  const { id, lines } = await logged(fail(error), { maxAttempts });
  expect(lines).toEqual([
    {
      level: ERROR,
      msg: 'attempt failed, task failed',
      ...about(id),
      max_attempts: maxAttempts,
      error_message: 'no route',
      reason,
    },
  ]);
});

test('so is one whose time is over', async () => {
  const { lines } = await logged(() => new Promise(() => undefined), { timeoutSeconds: 0.02 });
  expect(lines).toMatchObject([{ level: ERROR, reason: 'timeout', error_message: 'Timed out after 0.02 s' }]);
});

test('a long message is cut', async () => {
  const { lines } = await logged(fail(new Error('x'.repeat(10_000))));
  expect(lines[0]?.error_message).toBe(`${'x'.repeat(499)}…`);
});

test('success is mentioned only where everything is wanted', async () => {
  expect((await logged(() => 1)).lines).toEqual([]);
  const { id, lines } = await logged(() => 1, { level: 'debug' });
  expect(lines).toEqual([{ level: DEBUG, msg: 'attempt completed', ...about(id) }]);
});

test('a cancelled attempt is a warning that says why', async () => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue();
  const { tasks } = queue.storage.repositories;
  const worker = queue.worker({
    work: async (_, { signal }) => {
      await tasks.cancel(id);
      await until(() => signal.aborted);
    },
  });
  await worker.runOnce();
  expect(queue.logger.lines).toMatchObject([
    {
      level: WARN,
      msg: 'attempt lost, its outcome does not count',
      task_id: id,
      error_message: expect.stringMatching(/cancelled/i),
    },
  ]);
});

test('an outcome that comes too late is a warning that says why', async () => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue();
  const { tasks } = queue.storage.repositories;
  await queue.worker({ work: () => tasks.cancel(id) }).runOnce();
  expect(queue.logger.lines).toMatchObject([
    { level: WARN, task_id: id, error_message: expect.stringMatching(/cancelled/i) },
  ]);
});

test('what a worker gives back as it stops is mentioned', async () => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue();
  const worker = queue.worker({ work: () => worker.stop({ graceSeconds: 0 }) });
  await worker.runOnce();
  expect(queue.logger.lines).toMatchObject([
    { level: INFO, msg: 'attempt released, not counted', task_id: id },
  ]);
});

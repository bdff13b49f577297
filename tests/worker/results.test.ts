import { expect, test } from '@jest/globals';
import { steppedQueue } from '../support/test-queue.js';

const circular: Record<string, unknown> = {};
circular.self = circular;

test.each([
  ['nothing', undefined, null],
  ['null', null, null],
  ['text', 'done', '"done"'],
  ['zero', 0, '0'],
  ['false', false, 'false'],
  ['an object without its undefined members', { url: 'u', size: undefined }, '{"url":"u"}'],
  ['a date, as JSON has it', new Date(0), '"1970-01-01T00:00:00.000Z"'],
])('stores %s as the result', async (_, value, stored) => {
  const { queue, clock } = steppedQueue();
  const id = await queue.enqueue();
  expect(await queue.worker({ work: async () => value }).runOnce()).toBe(1);
  expect(await queue.find(id)).toMatchObject({
    status: 'completed',
    result: stored,
    progress: 100,
    attempts: 1,
    errorMessage: null,
    leaseUntil: null,
    lockedBy: 'worker-a',
    finishedAt: clock.now(),
  });
  expect(await queue.log(id)).toEqual(['info Claimed by worker-a', 'info Completed']);
});

test('a handler need not be async', async () => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue();
  await queue.worker({ work: () => 7 }).runOnce();
  expect(await queue.find(id)).toMatchObject({ status: 'completed', result: '7' });
});

test('the handler gets the task as TypeScript code sees it', async () => {
  const { queue, clock } = steppedQueue();
  const id = await queue.enqueue({ payload: { format: 'mp4' }, priority: 7 });
  const seen: unknown[] = [];
  await queue.worker({ work: (task) => void seen.push(task) }).runOnce();
  expect(seen).toEqual([
    expect.objectContaining({
      taskId: id,
      type: 'work',
      status: 'processing',
      payload: { format: 'mp4' },
      priority: 7,
      attempts: 1,
      createdAt: new Date(clock.now()),
      done: false,
    }),
  ]);
});

test.each([
  ['a function', () => () => 1, 'a function is not JSON'],
  ['a symbol', () => Symbol('s'), 'a symbol is not JSON'],
  ['a bigint', () => 1n, 'Do not know how to serialize a BigInt'],
  ['a bigint inside', () => ({ rows: 1n }), 'Do not know how to serialize a BigInt'],
  ['something that contains itself', () => circular, 'Converting circular structure to JSON'],
  ['half a surrogate pair', () => ({ text: '\ud800' }), 'half of a surrogate pair'],
  [
    'something nested too deep',
    () => JSON.parse('['.repeat(200) + ']'.repeat(200)),
    'nested deeper than 100',
  ],
])('%s as result cannot be stored: rejected, with a text that says so', async (_, make, text) => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue();
  await queue.worker({ work: make }).runOnce();
  const task = await queue.find(id);
  expect(task).toMatchObject({ status: 'failed', failureReason: 'rejected', result: null, attempts: 1 });
  expect(task.errorMessage).toMatch(/^The result cannot be stored: /);
  expect(task.errorMessage).toContain(text);
  expect(task.errorMessage).not.toContain('\n');
});

import { expect, test } from '@jest/globals';
import { steppedQueue } from '../support/test-queue.js';

/** Details of the log entries of a task whose only attempt throws this, those without any left out. */
async function detailsOf(thrown: unknown) {
  const { queue } = steppedQueue();
  const id = await queue.enqueue({ maxAttempts: 1 });
  const work = () => {
    throw thrown;
  };
  await queue.worker({ work }).runOnce();
  const { entries } = await queue.storage.repositories.logs.list({ taskId: id, limit: 100 });
  return entries.flatMap(({ details }) => (details === null ? [] : [JSON.parse(details)]));
}

test('the log entry of a failed attempt keeps name, code, stack and causes of its error', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const error = new TypeError('fetch failed', { cause: new AggregateError([refused, 'gave up']) });
  expect(await detailsOf(error)).toEqual([
    {
      error: {
        name: 'TypeError',
        message: 'fetch failed',
        stack: expect.stringContaining('error-details.test'),
        cause: {
          name: 'AggregateError',
          message: '',
          stack: expect.any(String),
          errors: [
            {
              name: 'Error',
              message: 'connect ECONNREFUSED',
              code: 'ECONNREFUSED',
              stack: expect.stringContaining('connect ECONNREFUSED'),
            },
            { thrown: 'string', value: 'gave up' },
          ],
        },
      },
    },
  ]);
});

test('an attempt that will be tried again has it too', async () => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue({ maxAttempts: 2 });
  const worker = queue.worker({
    work: () => {
      throw new RangeError('not yet');
    },
  });
  await worker.runOnce();
  const { entries } = await queue.storage.repositories.logs.list({ taskId: id, limit: 100 });
  const entry = entries.at(-1);
  expect(entry?.message).toBe('Will be retried: not yet');
  expect(JSON.parse(entry?.details ?? '{}')).toMatchObject({
    error: { name: 'RangeError', message: 'not yet' },
  });
});

test.each([
  ['undefined', undefined, { thrown: 'undefined', value: 'undefined' }],
  ['null', null, { thrown: 'null', value: 'null' }],
  ['a text', 'broken', { thrown: 'string', value: 'broken' }],
  ['a number', 42, { thrown: 'number', value: '42' }],
  ['an object', { code: 5 }, { thrown: 'object', value: '{ code: 5 }' }],
  ['a list', [1], { thrown: 'array', value: '[ 1 ]' }],
  ['a proxy', new Proxy({ a: 1 }, {}), { thrown: 'proxy', value: '{ a: 1 }' }],
])('of %s it says what was thrown', async (_, thrown, error) => {
  expect(await detailsOf(thrown)).toEqual([{ error }]);
});

test('all of it is bounded: long stacks, endless and many causes', async () => {
  const loop = new Error('x'.repeat(1_000_000));
  loop.stack = 'y'.repeat(1_000_000);
  loop.cause = loop;
  const wide = new AggregateError(Array.from({ length: 1_000 }, () => new AggregateError([loop, loop])));
  const [kept] = await detailsOf(wide);
  const count = (error: { cause?: object; errors?: object[] }): number =>
    1 + [error.cause, ...(error.errors ?? [])].reduce((sum, one) => sum + (one ? count(one) : 0), 0);
  expect(count(kept.error)).toBeLessThanOrEqual(12);
  expect(kept.error.errors.length).toBeLessThanOrEqual(5);
  expect(JSON.stringify(kept).length).toBeLessThan(65_000);
});

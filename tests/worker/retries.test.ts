import { expect, test } from '@jest/globals';
import { type Handlers, Rejected, RetryAfter } from '../../src/index.js';
import { steppedQueue } from '../support/test-queue.js';

const failing: Handlers = {
  work: () => {
    throw new Error('no luck');
  },
};

/** Runs a task until it is finished; resolves to the delays between its attempts, in milliseconds. */
async function delaysOf(handlers: Handlers, maxAttempts: number): Promise<number[]> {
  const { queue, clock } = steppedQueue();
  const worker = queue.worker(handlers);
  const id = await queue.enqueue({ maxAttempts });
  const delays: number[] = [];
  for (;;) {
    expect(await worker.runOnce()).toBe(1);
    const task = await queue.find(id);
    if (task.status === 'failed') return delays;
    delays.push(task.runAfter - clock.now());
    clock.set(task.runAfter - 1);
    expect(await worker.runOnce()).toBe(0);
    clock.advance(1);
  }
}

test('a failed attempt waits twice as long each time', async () => {
  expect(await delaysOf(failing, 5)).toEqual([1000, 2000, 4000, 8000]);
});

test('each type may have a policy of its own', async () => {
  const retry = { baseSeconds: 10, factor: 3, maxSeconds: 60, jitter: 0 };
  expect(await delaysOf({ work: { handler: failing.work as never, retry } }, 5)).toEqual([
    10_000, 30_000, 60_000, 60_000,
  ]);
});

test('while it waits, the task says why', async () => {
  const { queue, clock } = steppedQueue();
  const id = await queue.enqueue();
  await queue
    .worker({
      work: async (_, { progress }) => {
        await progress(40, 'half way');
        throw new Error('no luck');
      },
    })
    .runOnce();
  expect(await queue.find(id)).toMatchObject({
    status: 'queued',
    errorMessage: 'no luck',
    failureReason: null,
    attempts: 1,
    progress: null,
    progressMessage: null,
    processingStartedAt: null,
    lockedBy: null,
    leaseUntil: null,
    runAfter: clock.now() + 1000,
  });
  expect(await queue.log(id)).toEqual(['info Claimed by worker-a', 'warning Will be retried: no luck']);
});

test('with its attempts used up a task has failed, and keeps the name of its last worker', async () => {
  const { queue, clock } = steppedQueue();
  const id = await queue.enqueue({ maxAttempts: 2 });
  const worker = queue.worker(failing);
  await worker.runOnce();
  clock.advance(60_000);
  await worker.runOnce();
  expect(await queue.find(id)).toMatchObject({
    status: 'failed',
    failureReason: 'error',
    errorMessage: 'no luck',
    attempts: 2,
    lockedBy: 'worker-a',
    finishedAt: clock.now(),
  });
  expect((await queue.log(id)).at(-1)).toBe('error Failed: no luck');
});

test('success after a failure leaves no error behind', async () => {
  const { queue, clock } = steppedQueue();
  const id = await queue.enqueue();
  const worker = queue.worker({
    work: ({ attempts }) => {
      if (attempts === 1) throw new Error('no luck');
      return attempts;
    },
  });
  await worker.runOnce();
  clock.advance(1000);
  await worker.runOnce();
  expect(await queue.find(id)).toMatchObject({ status: 'completed', result: '2', errorMessage: null });
});

test('Rejected fails at once, whatever attempts are left', async () => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue();
  await queue
    .worker({
      work: () => {
        throw new Rejected('not a video');
      },
    })
    .runOnce();
  expect(await queue.find(id)).toMatchObject({
    status: 'failed',
    failureReason: 'rejected',
    errorMessage: 'not a video',
    attempts: 1,
  });
});

test('RetryAfter names its own delay, and still uses up attempts', async () => {
  const { queue, clock } = steppedQueue();
  const id = await queue.enqueue({ maxAttempts: 2 });
  const worker = queue.worker({
    work: () => {
      throw new RetryAfter(42.5, 'come back later');
    },
  });
  await worker.runOnce();
  expect(await queue.find(id)).toMatchObject({
    status: 'queued',
    errorMessage: 'come back later',
    runAfter: clock.now() + 42_500,
  });
  clock.advance(42_500);
  await worker.runOnce();
  expect(await queue.find(id)).toMatchObject({ status: 'failed', failureReason: 'error', attempts: 2 });
});

test.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 1e300, '5' as never])(
  'RetryAfter refuses %p seconds: no instant that follows could be answered',
  (seconds) => {
    expect(() => new RetryAfter(seconds)).toThrow(TypeError);
  },
);

const hostile = Object.create(null);

function trapped(): unknown {
  const trap = () => {
    throw new Error('trapped');
  };
  return new Proxy({ secret: 1 }, { get: trap, has: trap, getPrototypeOf: trap, ownKeys: trap });
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const unreadable = () =>
  Object.defineProperty(new Error('hidden'), 'message', {
    get() {
      throw new Error('not to be read');
    },
  });

test.each([
  ['nothing', undefined, 'undefined'],
  ['text', 'broken', 'broken'],
  ['an error without a message', new RangeError(), 'RangeError'],
  ['an empty text', '', 'The handler failed without a message'],
  ['an object that has no text', hostile, '[Object: null prototype] {}'],
  ['an object without a message', { code: 5 }, '{ code: 5 }'],
  ['null', null, 'null'],
  ['a proxy whose every trap throws', trapped(), '{ secret: 1 }'],
  ['a revoked proxy', revoked(), '<Revoked Proxy>'],
  ['an error whose message cannot be read', unreadable(), 'The handler failed without a message'],
  ['an error whose message is a number', Object.assign(new Error(), { message: 42 }), '42'],
  ['half a surrogate pair', new Error('\ud800!'), '\ufffd!'],
])('a handler may throw %s', async (_, thrown, text) => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue({ maxAttempts: 1 });
  await queue
    .worker({
      work: () => {
        throw thrown;
      },
    })
    .runOnce();
  expect(await queue.find(id)).toMatchObject({
    status: 'failed',
    failureReason: 'error',
    errorMessage: text,
  });
});

test('an error text of a megabyte is cut', async () => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue({ maxAttempts: 1 });
  await queue
    .worker({
      work: () => {
        throw new Error('x'.repeat(1_000_000));
      },
    })
    .runOnce();
  expect((await queue.find(id)).errorMessage).toBe(`${'x'.repeat(9_993)}… (cut)`);
});

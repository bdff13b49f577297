import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Handler, HandlerContext } from '../../src/index.js';
import { steppedQueue, type TestQueue } from '../support/test-queue.js';

const unhandled: unknown[] = [];
const remember = (error: unknown): unknown => unhandled.push(error);
beforeEach(() => void process.on('unhandledRejection', remember));
afterEach(() => void process.off('unhandledRejection', remember));

/** Runs a task with the handler, which is told the queue; resolves to the task. */
async function run(handler: (context: HandlerContext, id: number, queue: TestQueue) => unknown) {
  const { queue } = steppedQueue();
  const id = await queue.enqueue();
  const work: Handler = (_, context) => handler(context, id, queue);
  await queue.worker({ work }).runOnce();
  return queue.find(id);
}

/** What nobody awaited is reported in a later turn of the event loop. */
const nextTurn = () => new Promise((resolve) => setTimeout(resolve, 0));

test('progress is stored when its promise resolves, and renews the lease', async () => {
  const { queue, clock } = steppedQueue();
  const id = await queue.enqueue();
  const seen: unknown[] = [];
  await queue
    .worker({
      work: async (_, { progress }) => {
        clock.advance(10_000);
        await progress(40.5, 'transcoding');
        seen.push(await queue.find(id));
        await progress(100);
        seen.push(await queue.find(id));
      },
    })
    .runOnce();
  expect(seen).toEqual([
    expect.objectContaining({
      status: 'processing',
      progress: 40.5,
      progressMessage: 'transcoding',
      leaseUntil: clock.now() + 60_000,
    }),
    expect.objectContaining({ status: 'processing', progress: 100, progressMessage: null }),
  ]);
});

test('of many reports in one go the last counts, and few are written', async () => {
  const task = await run(async ({ progress }, id, queue) => {
    await progress(0);
    const { revision: before } = await queue.find(id);
    await Promise.all(Array.from({ length: 1000 }, (_, n) => progress(n / 10, `${n}`)));
    const { progress: percent, progressMessage, revision } = await queue.find(id);
    return { percent, progressMessage, writes: revision - before };
  });
  expect(JSON.parse(task.result as string)).toEqual({ percent: 99.9, progressMessage: '999', writes: 2 });
});

test.each([-1, 100.1, Number.NaN, Number.POSITIVE_INFINITY, '40', null, undefined])(
  '%p percent is refused, and fails the handler that awaits it',
  async (percent) => {
    const task = await run(({ progress }) => progress(percent as number));
    expect(task).toMatchObject({
      status: 'queued',
      errorMessage: `progress must be 0 to 100, not ${percent}`,
    });
  },
);

test('a report that nobody awaits harms nobody, whatever is wrong with it', async () => {
  const task = await run(({ progress }) => {
    void progress(200);
    void progress(1, '\ud800');
    void progress(1, Symbol('s') as never);
    return 'done';
  });
  await nextTurn();
  expect(task).toMatchObject({ status: 'completed' });
  expect(unhandled).toEqual([]);
});

test('reports after the end of the attempt, not awaited, harm nobody', async () => {
  let context: HandlerContext | undefined;
  await run((given) => {
    context = given;
  });
  const { progress, log } = context as HandlerContext;
  void progress(50);
  log.info('too late');
  expect(await progress(60).catch((error: unknown) => error)).toMatchObject({ code: 'LEASE_LOST' });
  await nextTurn();
  expect(unhandled).toEqual([]);
});

import { describe, expect, test } from '@jest/globals';
import { TASK_STATUSES } from '../../src/core/task.js';
import { failure, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';

/** Tasks of two types in every status; returns how many. */
async function fill(queue: QueueUnderTest): Promise<number> {
  for (const type of ['mail', 'video', 'mail']) {
    for (const [at, end] of TASK_STATUSES.entries()) {
      await queue.enqueue({ type, priority: at + 1 });
      if (end === 'queued') continue;
      const task = await queue.claimOne({ strategy: 'lifo' });
      if (end === 'completed') await queue.leases.complete(task, null);
      if (end === 'failed') await queue.leases.fail(task, failure({ retryDelayMs: null }));
    }
  }
  return 3 * TASK_STATUSES.length;
}

export function describeList(open: OpenStorage): void {
  describe('find and list', () => {
    test('every combination of filters gives what it says, newest first', async () => {
      const queue = new QueueUnderTest(open);
      const count = await fill(queue);
      const all = await queue.list({}, 1000);
      expect(all).toHaveLength(count);
      expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).sort((a, b) => b - a));
      for (const status of [undefined, ...TASK_STATUSES]) {
        for (const type of [undefined, 'mail', 'video', 'unknown']) {
          const expected = all.filter(
            (task) => (!status || task.status === status) && (!type || task.type === type),
          );
          const filter = { ...(status && { status }), ...(type && { type }) };
          expect(await queue.list(filter, 1000)).toEqual(expected);
          expect(await queue.list(filter, 2)).toEqual(expected.slice(0, 2));
          const second = expected[1]?.id;
          if (second) expect(await queue.list(filter, 2, second)).toEqual(expected.slice(2, 4));
        }
      }
    });

    test('an idempotency key has one task, if it is of the type and the status that are asked for', async () => {
      const queue = new QueueUnderTest(open);
      await fill(queue);
      const id = await queue.enqueue({ type: 'mail', idempotencyKey: 'order-4711' });
      const list = async (filter: object, before?: number) =>
        (await queue.tasks.listIds({ idempotencyKey: 'order-4711', ...filter }, 10, before)).ids;
      expect(await list({})).toEqual([id]);
      expect(await list({ type: 'mail' })).toEqual([id]);
      expect(await list({ type: 'mail', status: 'queued' })).toEqual([id]);
      expect(await list({ type: 'video' })).toEqual([]);
      expect(await list({ status: 'failed' })).toEqual([]);
      expect(await list({ idempotencyKey: 'order' })).toEqual([]);
      expect(await list({}, id)).toEqual([]);
    });

    test('failed tasks are listed by their reason, alone and with every other filter', async () => {
      const queue = new QueueUnderTest(open);
      const reasons = ['error', 'timeout', 'rejected', 'error'] as const;
      for (const [at, reason] of reasons.entries()) {
        await queue.enqueue({ type: at < 2 ? 'mail' : 'video', idempotencyKey: `key ${at}` });
        await queue.leases.fail(await queue.claimOne(), failure({ retryDelayMs: null, reason }));
      }
      await queue.enqueue();
      const list = (filter: object, limit = 10, before?: number) =>
        queue.tasks.listIds({ failureReason: 'error', ...filter }, limit, before);
      expect(await list({})).toEqual({ ids: [4, 1], next: null });
      expect(await list({}, 1)).toEqual({ ids: [4], next: 4 });
      expect(await list({}, 1, 4)).toEqual({ ids: [1], next: null });
      expect(await list({ status: 'failed', type: 'mail' })).toEqual({ ids: [1], next: null });
      expect(await list({ status: 'queued' })).toEqual({ ids: [], next: null });
      expect(await list({ failureReason: 'cancelled' })).toEqual({ ids: [], next: null });
      const ofKey = (at: number) => queue.list({ failureReason: 'error', idempotencyKey: `key ${at}` }, 10);
      expect((await ofKey(3)).map(({ id }) => id)).toEqual([4]);
      expect(await ofKey(1)).toEqual([]);
    });

    test('pages go on where the one before ended, also while tasks are added', async () => {
      const queue = new QueueUnderTest(open);
      await fill(queue);
      for (const filter of [{}, { type: 'mail' }, { status: 'completed' as const }]) {
        const { ids: expected } = await queue.tasks.listIds(filter, 1000);
        const pages: number[] = [];
        for (let before: number | undefined | null; before !== null; ) {
          const { ids, next } = await queue.tasks.listIds(filter, 2, before);
          pages.push(...ids);
          before = next;
          await queue.enqueue();
        }
        expect(pages).toEqual(expected);
      }
    });

    test('a task found by its id is the one in the list', async () => {
      const queue = new QueueUnderTest(open);
      await fill(queue);
      for (const task of await queue.list({}, 1000)) expect(await queue.find(task.id)).toEqual(task);
    });

    test('tasks are found by many ids: each once, in the order asked for, unknown ones left out', async () => {
      const queue = new QueueUnderTest(open);
      const count = await fill(queue);
      const found = await queue.tasks.findMany([3, count, 99_999, 1, 3, Number.MAX_SAFE_INTEGER]);
      expect(found).toEqual([await queue.find(3), await queue.find(count), await queue.find(1)]);
      expect(await queue.tasks.findMany([])).toEqual([]);
      expect(await queue.tasks.findMany([99_999])).toEqual([]);
    });

    test.each([99_999, Number.MAX_SAFE_INTEGER])('task %d does not exist', async (id) => {
      const queue = new QueueUnderTest(open);
      await queue.enqueue();
      const unknown = { code: 'TASK_NOT_FOUND', message: `Task ${id} not found` };
      await expect(queue.find(id)).rejects.toMatchObject(unknown);
      await expect(queue.tasks.cancel(id)).rejects.toMatchObject(unknown);
      await expect(queue.tasks.retry(id)).rejects.toMatchObject(unknown);
      await expect(queue.storage.repositories.logs.list({ taskId: id, limit: 1 })).rejects.toMatchObject(
        unknown,
      );
    });
  });
}

import { describe, expect, test } from '@jest/globals';
import { newTask, type OpenStorage, QueueUnderTest, type TaskWishes } from '../support/queue-under-test.js';

const REUSED = { code: 'IDEMPOTENCY_KEY_REUSED' };

export function describeIdempotency(open: OpenStorage): void {
  describe('idempotency keys', () => {
    const asked = { idempotencyKey: 'order 1', payload: { a: 1, b: { c: [2], d: null } } };

    test('the same request again is answered with the first task, in its current status', async () => {
      const queue = new QueueUnderTest(open);
      const first = await queue.tasks.enqueue(newTask(asked));
      queue.clock.advance(1_000);
      const { leaseToken } = await queue.claimOne();
      expect(await queue.tasks.enqueue(newTask(asked))).toEqual({
        ...first,
        status: 'processing',
        replayed: true,
      });
      await queue.leases.complete({ id: first.id, leaseToken }, null);
      const { status } = await queue.tasks.enqueue(newTask(asked));
      expect(status).toBe('completed');
      expect(await queue.list({}, 10)).toHaveLength(1);
    });

    test('the order of keys in payload and demands makes no other request', async () => {
      const queue = new QueueUnderTest(open);
      const first = await queue.enqueue({ ...asked, compatibility: { gpu: true, region: 'us' } });
      const again = await queue.enqueue({
        idempotencyKey: 'order 1',
        payload: { b: { d: null, c: [2] }, a: 1 },
        compatibility: { region: 'us', gpu: true },
      });
      expect(again).toBe(first);
    });

    test.each<[string, TaskWishes]>([
      ['type', { type: 'other' }],
      ['priority', { priority: 99 }],
      ['payload', { payload: { a: 1, b: { c: [2], d: 0 } } }],
      ['compatibility', { compatibility: { gpu: true } }],
      ['max attempts', { maxAttempts: 4 }],
      ['due time', { runAfter: Date.UTC(2025, 0, 1) }],
    ])('another %s with the same key is refused, naming the task', async (_, difference) => {
      const queue = new QueueUnderTest(open);
      const id = await queue.enqueue(asked);
      const again = queue.tasks.enqueue(newTask({ ...asked, ...difference }));
      await expect(again).rejects.toMatchObject({
        ...REUSED,
        message: expect.stringContaining(`task ${id} `),
      });
      expect(await queue.list({}, 10)).toHaveLength(1);
    });

    test('twenty requests at once with one key make one task', async () => {
      const queue = new QueueUnderTest(open);
      const requests = Array.from({ length: 20 }, () => queue.tasks.enqueue(newTask(asked)));
      const replies = await Promise.all(requests);
      expect(new Set(replies.map(({ id }) => id)).size).toBe(1);
      expect(replies.filter(({ replayed }) => !replayed)).toHaveLength(1);
      expect(await queue.list({}, 100)).toHaveLength(1);
    });

    test('a key that comes twice in a batch is one task', async () => {
      const queue = new QueueUnderTest(open);
      const replies = await queue.tasks.enqueueMany([newTask(asked), newTask(), newTask(asked)]);
      expect(replies.map(({ replayed }) => replayed)).toEqual([false, false, true]);
      expect(replies[2]?.id).toBe(replies[0]?.id);
      expect(await queue.list({}, 10)).toHaveLength(2);
    });

    test('a key that comes twice in a batch for different requests stores nothing', async () => {
      const queue = new QueueUnderTest(open);
      const batch = [newTask(), newTask(asked), newTask({ ...asked, priority: 1 })];
      await expect(queue.tasks.enqueueMany(batch)).rejects.toMatchObject(REUSED);
      expect(await queue.list({}, 10)).toEqual([]);
    });

    test('a key used before, with another request in a batch, stores nothing of it', async () => {
      const queue = new QueueUnderTest(open);
      const id = await queue.enqueue(asked);
      const batch = [newTask(), newTask({ ...asked, type: 'other' })];
      await expect(queue.tasks.enqueueMany(batch)).rejects.toMatchObject(REUSED);
      expect((await queue.list({}, 10)).map((task) => task.id)).toEqual([id]);
    });
  });
}

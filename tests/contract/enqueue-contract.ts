import { describe, expect, test } from '@jest/globals';
import { newTask, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';

export function describeEnqueue(open: OpenStorage): void {
  describe('enqueue', () => {
    test('stores the task as it was asked for', async () => {
      const queue = new QueueUnderTest(open);
      const runAfter = queue.clock.now() + 5_000;
      const asked = newTask({
        type: 'Übersetzung 🧵',
        priority: 7,
        maxAttempts: 3,
        payload: { text: '"quoted"\n\u0000', nested: [1, null, { a: true }] },
        compatibility: { region: 'us', gpu: true },
        runAfter,
        idempotencyKey: 'order 1',
      });
      const { id, ...reply } = await queue.tasks.enqueue(asked);
      const now = queue.clock.now();
      expect(reply).toEqual({ status: 'queued', createdAt: now, replayed: false });
      expect(await queue.find(id)).toEqual({
        ...asked,
        id,
        status: 'queued',
        attempts: 0,
        progress: null,
        progressMessage: null,
        result: null,
        errorMessage: null,
        failureReason: null,
        createdAt: now,
        updatedAt: now,
        processingStartedAt: null,
        finishedAt: null,
        leaseUntil: null,
        lockedBy: null,
        revision: expect.any(Number),
      });
    });

    test('without a due time, a task is due at once', async () => {
      const queue = new QueueUnderTest(open);
      const id = await queue.enqueue();
      expect((await queue.find(id)).runAfter).toBe(queue.clock.now());
      expect(await queue.claimedIds()).toEqual([id]);
    });

    test('a due time in the past is kept as it is', async () => {
      const queue = new QueueUnderTest(open);
      const id = await queue.enqueue({ runAfter: 0 });
      expect((await queue.find(id)).runAfter).toBe(0);
      expect(await queue.claimedIds()).toEqual([id]);
    });

    test('ids and revisions only grow, also of tasks enqueued at once', async () => {
      const queue = new QueueUnderTest(open);
      const ids = await Promise.all(Array.from({ length: 20 }, () => queue.enqueue()));
      const stored = (await queue.list({}, 100)).reverse();
      expect(stored.map(({ id }) => id)).toEqual(ids.toSorted((a, b) => a - b));
      expect(new Set(ids).size).toBe(20);
      const revisions = stored.map(({ revision }) => revision);
      expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
    });

    test('a batch is stored in its order', async () => {
      const queue = new QueueUnderTest(open);
      const priorities = [5, 1, 9, 3];
      const replies = await queue.tasks.enqueueMany(priorities.map((priority) => newTask({ priority })));
      const stored = await Promise.all(replies.map(({ id }) => queue.find(id)));
      expect(stored.map(({ priority }) => priority)).toEqual(priorities);
      expect(replies.map(({ id }) => id)).toEqual(replies.map(({ id }) => id).sort((a, b) => a - b));
    });

    test('a batch is stored as a whole or not at all', async () => {
      const queue = new QueueUnderTest(open);
      const batch = [newTask(), newTask({ priority: 5_000 }), newTask()];
      await expect(queue.tasks.enqueueMany(batch)).rejects.toMatchObject({ code: 'INTERNAL_ERROR' });
      expect(await queue.list({}, 10)).toEqual([]);
    });

    test('what the storage refuses of one caller harms no other, and tells nothing of the storage', async () => {
      const queue = new QueueUnderTest(open);
      const priorities = [1, 2, 5_000, 4, 5];
      const settled = await Promise.allSettled(priorities.map((priority) => queue.enqueue({ priority })));
      expect(settled.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, true, true]);
      const { reason } = settled[2] as PromiseRejectedResult;
      expect(reason).toMatchObject({ code: 'INTERNAL_ERROR', message: 'Something went wrong in the server' });
      const stored = await queue.list({}, 10);
      expect(stored.map(({ priority }) => priority).sort()).toEqual([1, 2, 4, 5]);
    });
  });
}

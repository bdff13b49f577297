import { describe, expect, test } from '@jest/globals';
import { failure, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';

export function describeRetention(open: OpenStorage): void {
  describe('prune', () => {
    /** Three completed tasks (1 to 3) and three failed ones (4 to 6), a second apart, a queued and a held one. */
    async function filled() {
      const queue = new QueueUnderTest(open);
      for (let id = 1; id <= 6; id++) {
        await queue.enqueue({ idempotencyKey: `key ${id}` });
        const task = await queue.claimOne();
        if (id <= 3) await queue.leases.complete(task, null);
        else await queue.leases.fail(task, failure({ retryDelayMs: null }));
        queue.clock.advance(1_000);
      }
      await queue.enqueue();
      await queue.claimOne();
      await queue.enqueue();
      const { retention } = queue.storage.repositories;
      const ids = async () => (await queue.list({}, 100)).map(({ id }) => id).reverse();
      return { queue, retention, ids };
    }

    test('deletes finished tasks by when they finished, and nothing that lives', async () => {
      const { retention, ids } = await filled();
      expect(await retention.prune({ completedMs: 5_000, failedMs: 3_000 }, 100)).toBe(3);
      expect(await ids()).toEqual([3, 5, 6, 7, 8]);
      expect(await retention.prune({ completedMs: 0, failedMs: 0 }, 100)).toBe(3);
      expect(await ids()).toEqual([7, 8]);
    });

    test('keeps for ever what has no limit', async () => {
      const { retention, ids } = await filled();
      expect(await retention.prune({ completedMs: null, failedMs: null }, 100)).toBe(0);
      expect(await retention.prune({ completedMs: null, failedMs: 0 }, 100)).toBe(3);
      expect(await ids()).toEqual([1, 2, 3, 7, 8]);
    });

    test('deletes no more than it is told to, oldest first', async () => {
      const { retention, ids } = await filled();
      expect(await retention.prune({ completedMs: 0, failedMs: 0 }, 2)).toBe(2);
      expect(await ids()).toEqual([3, 4, 5, 6, 7, 8]);
      expect(await retention.prune({ completedMs: 0, failedMs: 0 }, 2)).toBe(2);
      expect(await ids()).toEqual([5, 6, 7, 8]);
    });

    test('takes logs along, frees the idempotency key, and never gives an id again', async () => {
      const { queue, retention } = await filled();
      const { logs } = queue.storage.repositories;
      await retention.prune({ completedMs: 0, failedMs: 0 }, 100);
      const gone = { code: 'TASK_NOT_FOUND' };
      await expect(queue.find(1)).rejects.toMatchObject(gone);
      await expect(logs.list({ taskId: 1, limit: 1 })).rejects.toMatchObject(gone);
      await queue.tasks.cancel(7);
      await queue.tasks.cancel(8);
      await retention.prune({ completedMs: 0, failedMs: 0 }, 100);
      const reply = await queue.enqueue({ idempotencyKey: 'key 1' });
      expect(reply).toBe(9);
      expect(await queue.log(9)).toEqual([]);
      expect(await queue.claimedIds()).toEqual([9]);
    });
  });
}

import { describe, expect, test } from '@jest/globals';
import { LEASE_MS, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';

export function describeCrashSuspects(open: OpenStorage): void {
  describe('tasks whose worker died', () => {
    /** Enqueues tasks, and has them die with the worker that claims them, so many times. */
    async function died(deaths: number, maxAttempts: readonly number[]) {
      const queue = new QueueUnderTest(open);
      const ids: number[] = [];
      for (const max of maxAttempts) ids.push(await queue.enqueue({ maxAttempts: max }));
      for (let death = 0; death < deaths; death++) {
        // Each with a worker of its own: what is under test must not keep them apart.
        for (const id of ids) await queue.claim({ workerId: `dying-${id}`, limit: 1 });
        queue.clock.advance(LEASE_MS);
        await queue.leases.reap();
      }
      const claim = async (limit: number, workerId = 'worker-a') =>
        (await queue.claim({ limit, workerId })).map(({ id }) => id);
      return { queue, ids, claim };
    }

    test('come back together after one death', async () => {
      const { ids, claim } = await died(1, [5, 5, 5]);
      expect(await claim(10)).toEqual(ids);
    });

    test('come back one at a time to each worker after the second, beside other tasks', async () => {
      const { queue, ids, claim } = await died(2, [5, 5, 5]);
      const fresh = [await queue.enqueue(), await queue.enqueue()];
      expect(await claim(10)).toEqual([ids[0], ...fresh]);
      expect(await claim(10)).toEqual([]);
      expect(await claim(10, 'worker-b')).toEqual([ids[1]]);
    });

    test('a claim that may take none of them changes nothing, so that it wakes nobody', async () => {
      const { queue, ids, claim } = await died(2, [5, 5]);
      expect(await claim(10)).toEqual([ids[0]]);
      const { changes } = queue.storage.repositories;
      const before = await changes.horizon();
      expect(await claim(10)).toEqual([]);
      expect(await changes.horizon()).toBe(before);
    });

    test('a handler that fails with the same words is none of them', async () => {
      const { queue, ids, claim } = await died(0, [5, 5]);
      for (let attempt = 0; attempt < 2; attempt++) {
        for (const task of await queue.claim({ limit: 10 })) {
          await queue.leases.fail(task, {
            errorMessage: 'Lease expired: DHCP 10.0.0.7',
            reason: 'error',
            retryDelayMs: 0,
          });
        }
      }
      expect(await claim(10)).toEqual(ids);
    });

    test('the next one comes as soon as the one before it has ended', async () => {
      const { queue, ids } = await died(2, [5, 5]);
      const [first] = await queue.claim({ limit: 10 });
      await queue.leases.complete(first as NonNullable<typeof first>, null);
      expect((await queue.claim({ limit: 10 })).map(({ id }) => id)).toEqual([ids[1]]);
    });

    test('a last attempt is never beside another task that died', async () => {
      const { ids, claim } = await died(1, [5, 2, 5]);
      expect(await claim(10)).toEqual([ids[0], ids[2]]);
      expect(await claim(10)).toEqual([]);
      expect(await claim(10, 'worker-b')).toEqual([ids[1]]);
    });

    test('many of them in front keep no other task waiting', async () => {
      const { queue, ids, claim } = await died(
        2,
        Array.from({ length: 30 }, () => 5),
      );
      const fresh: number[] = [];
      for (let n = 0; n < 3; n++) fresh.push(await queue.enqueue());
      expect(await claim(3)).toEqual([ids[0], ...fresh.slice(0, 2)]);
    });

    test('one whose attempt ended in another way is a task like any other', async () => {
      const { queue, ids, claim } = await died(2, [5, 5]);
      const [first] = await queue.claim({ limit: 1 });
      await queue.leases.fail(first as NonNullable<typeof first>, {
        errorMessage: 'no luck',
        reason: 'error',
        retryDelayMs: 0,
      });
      expect(await claim(10)).toEqual(ids);
    });
  });
}

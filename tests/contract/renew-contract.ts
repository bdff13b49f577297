import { describe, expect, test } from '@jest/globals';
import type { Renewal } from '../../src/repositories/lease-repository.js';
import { readChanges } from '../../src/services/read-changes.js';
import { LEASE_MS, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';

export function describeRenew(open: OpenStorage): void {
  describe('renew', () => {
    async function claimed() {
      const queue = new QueueUnderTest(open);
      await queue.enqueue();
      const task = await queue.claimOne();
      queue.clock.advance(10_000);
      const renew = (wishes: Partial<Renewal> = {}) =>
        queue.leases.renew({
          id: task.id,
          leaseToken: task.leaseToken,
          leaseMs: null,
          progress: null,
          ...wishes,
        });
      return { queue, task, renew };
    }

    test('by the length of the claim', async () => {
      const { queue, task, renew } = await claimed();
      const until = queue.clock.now() + LEASE_MS;
      expect(await renew()).toBe(until);
      const { leaseToken: _, leaseMs: __, traceparent: ___, ...before } = task;
      expect(await queue.find(task.id)).toEqual({ ...before, leaseUntil: until });
    });

    test('is no change of the task unless it brings progress that is new', async () => {
      const { queue, task, renew } = await claimed();
      const progress = { percent: 50, message: 'half' };
      await renew({ progress });
      const before = await queue.find(task.id);
      const { revision } = before;
      expect(revision).toBeGreaterThan(task.revision);
      expect(before.updatedAt).toBe(queue.clock.now());
      queue.clock.advance(5_000);
      for (const quiet of [null, progress, { percent: null, message: 'half' }])
        await renew({ progress: quiet });
      expect(await queue.changes.horizon()).toBe(revision);
      expect(await queue.find(task.id)).toEqual({ ...before, leaseUntil: queue.clock.now() + LEASE_MS });
      expect((await readChanges(queue.changes, { after: revision, limit: 10 })).tasks).toEqual([]);
      await renew({ progress: { percent: 50, message: null } });
      expect((await readChanges(queue.changes, { after: revision, limit: 10 })).tasks).toEqual([
        await queue.find(task.id),
      ]);
    });

    test('by a length of its own, which then is the length', async () => {
      const { queue, task, renew } = await claimed();
      expect(await renew({ leaseMs: 5_000 })).toBe(queue.clock.now() + 5_000);
      queue.clock.advance(1_000);
      expect(await renew()).toBe(queue.clock.now() + 5_000);
      expect((await queue.find(task.id)).leaseUntil).toBe(queue.clock.now() + 5_000);
      expect(await queue.leases.nextExpiry()).toBe(queue.clock.now() + 5_000);
    });

    test('takes progress along, and leaves it alone where there is none', async () => {
      const { queue, task, renew } = await claimed();
      const progressOf = async () => {
        const { progress, progressMessage } = await queue.find(task.id);
        return [progress, progressMessage];
      };
      await renew({ progress: { percent: 12.5, message: 'reading' } });
      expect(await progressOf()).toEqual([12.5, 'reading']);
      await renew();
      expect(await progressOf()).toEqual([12.5, 'reading']);
      await renew({ progress: { percent: null, message: 'writing' } });
      expect(await progressOf()).toEqual([12.5, 'writing']);
      await renew({ progress: { percent: 0, message: null } });
      expect(await progressOf()).toEqual([0, null]);
    });

    test('a lease that is over but not taken back yet is renewed', async () => {
      const { queue, renew } = await claimed();
      queue.clock.advance(LEASE_MS);
      expect(await renew()).toBe(queue.clock.now() + LEASE_MS);
      expect(await queue.leases.reap()).toBe(0);
    });
  });
}

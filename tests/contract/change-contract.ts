import { describe, expect, test } from '@jest/globals';
import type { ChangeQuery } from '../../src/repositories/change-repository.js';
import { newTask } from '../support/new-task.js';
import { failure, LEASE_MS, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';

export function describeChanges(open: OpenStorage): void {
  describe('changes', () => {
    function followed() {
      const queue = new QueueUnderTest(open);
      const { changes } = queue.storage.repositories;
      let after = 0;
      /** The tasks changed since the last time, read in pages. */
      const follow = async (query: Partial<ChangeQuery> = {}) => {
        const seen = [];
        for (;;) {
          const page = await changes.since({ after, limit: 1000, ...query });
          seen.push(...page.tasks);
          expect(page.revision).toBeGreaterThanOrEqual(after);
          after = page.revision;
          if (page.isLast) return seen;
        }
      };
      return { queue, changes, follow };
    }

    test('are told in their order, each task once and as it is now', async () => {
      const { queue, changes, follow } = followed();
      expect(await changes.latestRevision()).toBe(0);
      expect(await follow()).toEqual([]);
      await queue.tasks.enqueueMany([newTask(), newTask(), newTask()]);
      const first = await queue.claimOne();
      expect(await follow()).toEqual([await queue.find(2), await queue.find(3), await queue.find(1)]);
      await queue.leases.complete(first, null);
      await queue.tasks.cancel(3);
      await queue.tasks.retry(1);
      expect(await follow()).toEqual([await queue.find(3), await queue.find(1)]);
      expect(await follow()).toEqual([]);
      const newest = Math.max(...(await queue.list({}, 10)).map(({ revision }) => revision));
      expect(await changes.latestRevision()).toBeGreaterThanOrEqual(newest);
    });

    test('every kind of change is told', async () => {
      const { queue, follow } = followed();
      const { leases, tasks } = queue;
      const told = async () => (await follow()).map(({ id, status }) => `${id} ${status}`);
      const id = await queue.enqueue();
      expect(await told()).toEqual(['1 queued']);
      const task = await queue.claimOne();
      expect(await told()).toEqual(['1 processing']);
      await leases.renew({ ...task, leaseMs: null, progress: { percent: 5, message: null } });
      expect(await told()).toEqual(['1 processing']);
      await leases.release(task);
      expect(await told()).toEqual(['1 queued']);
      await leases.fail(await queue.claimOne(), failure());
      expect(await told()).toEqual(['1 queued']);
      await queue.claimOne();
      expect(await told()).toEqual(['1 processing']);
      queue.clock.advance(LEASE_MS);
      await leases.reap();
      expect(await told()).toEqual(['1 queued']);
      await tasks.cancel(id);
      expect(await told()).toEqual(['1 failed']);
      await tasks.retry(id);
      expect(await told()).toEqual(['1 queued']);
      await leases.complete(await queue.claimOne(), null);
      expect(await told()).toEqual(['1 completed']);
    });

    test('in pages, and wherever one looks from, none is missed', async () => {
      const { queue, changes } = followed();
      await queue.tasks.enqueueMany(Array.from({ length: 25 }, () => newTask()));
      const all = (await changes.since({ after: 0, limit: 1000 })).tasks;
      for (const limit of [1, 7, 25, 26]) {
        const seen = [];
        for (let after = 0, isLast = false; !isLast; ) {
          const page = await changes.since({ after, limit });
          expect(page.tasks.length).toBeLessThanOrEqual(limit);
          seen.push(...page.tasks);
          ({ revision: after, isLast } = page);
        }
        expect(seen).toEqual(all);
      }
      for (const { revision } of all) {
        const { tasks } = await changes.since({ after: revision, limit: 1000 });
        expect(tasks).toEqual(all.filter((task) => task.revision > revision));
      }
    });

    test('only those that are wanted are told, in pages too', async () => {
      const { queue, follow } = followed();
      const types = ['mail', 'video', 'mail', 'mail', 'audio', 'mail'];
      await queue.tasks.enqueueMany(types.map((type) => newTask({ type })));
      const told = await follow({ limit: 2, wants: ({ type }) => type === 'mail' });
      expect(told.map(({ id }) => id)).toEqual([1, 3, 4, 6]);
      expect(await follow()).toEqual([]);
    });
  });
}

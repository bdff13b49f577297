import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../src/core/json.js';
import { newTask, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';

export function describeQueuePosition(open: OpenStorage): void {
  describe('queue position', () => {
    const positionOf = async (queue: QueueUnderTest, id: number) =>
      queue.tasks.queuePosition(await queue.find(id));

    test('is how many tasks a claim by priority takes before', async () => {
      const queue = new QueueUnderTest(open);
      const priorities = [100, 1, 100, 50, 1000, 100, 1];
      for (const [at, priority] of priorities.entries()) {
        const compatibility: JsonObject = at % 2 === 0 ? {} : { region: 'us' };
        await queue.enqueue({ type: at % 3 === 0 ? 'mail' : 'video', priority, compatibility });
      }
      const claimOrder = [2, 7, 4, 1, 3, 6, 5];
      for (const [place, id] of claimOrder.entries())
        expect([id, await positionOf(queue, id)]).toEqual([id, place]);
      const claimed = await queue.claimedIds({ limit: 10, capabilities: { region: 'us' } });
      expect(claimed).toEqual(claimOrder);
    });

    test('of a scheduled task counts all that are due, and those that are due before it', async () => {
      const queue = new QueueUnderTest(open);
      const at = (ms: number) => queue.clock.now() + ms;
      await queue.enqueue({ priority: 1000 });
      const late = await queue.enqueue({ runAfter: at(2_000), priority: 1 });
      const early = await queue.enqueue({ runAfter: at(1_000) });
      expect(await positionOf(queue, early)).toBe(1);
      expect(await positionOf(queue, late)).toBe(2);
      await queue.claim();
      expect(await positionOf(queue, early)).toBe(0);
      queue.clock.advance(1_000);
      await queue.claim({ types: ['none'] });
      expect(await positionOf(queue, early)).toBe(0);
      expect(await positionOf(queue, late)).toBe(1);
    });

    test('is what a brute-force count says, in random queues', async () => {
      const wishes = fc.record({
        type: fc.constantFrom('mail', 'video', 'report'),
        priority: fc.constantFrom(1, 50, 100),
        region: fc.constantFrom(null, 'us', 'eu'),
        delay: fc.constantFrom(-1_000, 0, 500, 1_000, 5_000),
        claimed: fc.boolean(),
      });
      const capabilities = { region: ['us', 'eu'] };
      await fc.assert(
        fc.asyncProperty(fc.array(wishes, { maxLength: 25 }), fc.boolean(), async (all, isLater) => {
          const queue = new QueueUnderTest(open);
          for (const { type, priority, region, delay, claimed } of all) {
            const runAfter = queue.clock.now() + delay;
            await queue.enqueue({ type, priority, compatibility: region ? { region } : {}, runAfter });
            if (claimed) await queue.claim({ capabilities, types: ['mail'] });
          }
          if (isLater) queue.clock.advance(1_000);
          const now = queue.clock.now();
          const found = await Promise.all(all.map((_, at) => queue.find(at + 1)));
          const queued = found.filter(({ status }) => status === 'queued');
          const scheduled = queued
            .filter(({ runAfter }) => runAfter > now)
            .sort((a, b) => a.runAfter - b.runAfter || a.id - b.id)
            .map(({ id }) => id);
          const positions = new Map<number, number>();
          for (const task of queued) positions.set(task.id, await queue.tasks.queuePosition(task));
          const claimed = await queue.claimedIds({ limit: 100, capabilities });
          expect([...positions]).toEqual(
            queued.map(({ id }) => [id, [...claimed, ...scheduled].indexOf(id)]),
          );
        }),
        { numRuns: 12 },
      );
    });

    test('counts in every lane, also where there are more than are looked at', async () => {
      const queue = new QueueUnderTest(open);
      const tenants = Array.from({ length: 1_200 }, (_, tenant) => newTask({ compatibility: { tenant } }));
      await queue.tasks.enqueueMany(tenants.slice(0, 700));
      const middle = await queue.enqueue();
      expect(await positionOf(queue, middle)).toBe(700);
      await queue.tasks.enqueueMany(tenants.slice(700));
      queue.clock.advance(1_000);
      // Asked about one by one, then about many at once.
      for (let round = 0; round < 2; round++) {
        expect(await positionOf(queue, 3)).toBe(2);
        expect(await positionOf(queue, middle)).toBe(700);
        expect(await positionOf(queue, 1_201)).toBe(1000);
        for (const id of [4, 5, 600, 999]) expect([id, await positionOf(queue, id)]).toEqual([id, id - 1]);
        queue.clock.advance(1_000);
        await queue.enqueue({ priority: 1000 });
      }
    });

    test('of old tasks in young lanes is found by the tasks themselves', async () => {
      const queue = new QueueUnderTest(open);
      const tenants = Array.from({ length: 1_001 }, (_, tenant) => newTask({ compatibility: { tenant } }));
      // Lanes of the thousand come first; then their first tasks go to the end of the queue.
      const old = await queue.enqueue({ type: 'old', runAfter: queue.clock.now() + 1_000 });
      await queue.tasks.enqueueMany(tenants.slice(0, 1_000));
      const late = await queue.enqueue({ type: 'late' });
      expect(await positionOf(queue, late)).toBe(1000);
      queue.clock.advance(2_000);
      await queue.claim({ types: ['none'] });
      expect(await positionOf(queue, old)).toBe(0);
      expect(await positionOf(queue, old + 1)).toBe(1);
    });

    test('is kept for a second in a queue of many lanes, whatever changes meanwhile', async () => {
      const queue = new QueueUnderTest(open);
      await queue.tasks.enqueueMany(
        Array.from({ length: 101 }, (_, tenant) => newTask({ compatibility: { tenant } })),
      );
      const last = await queue.enqueue();
      expect(await positionOf(queue, last)).toBe(101);
      await queue.enqueue({ priority: 1 });
      expect(await positionOf(queue, last)).toBe(101);
      queue.clock.advance(1_000);
      expect(await positionOf(queue, last)).toBe(102);
    });

    test('is counted to a thousand', async () => {
      const queue = new QueueUnderTest(open);
      await queue.tasks.enqueueMany(Array.from({ length: 999 }, () => newTask()));
      const last = await queue.enqueue();
      expect(await positionOf(queue, last)).toBe(999);
      await queue.tasks.enqueueMany(Array.from({ length: 500 }, () => newTask({ priority: 1 })));
      expect(await positionOf(queue, last)).toBe(1000);
    });
  });
}

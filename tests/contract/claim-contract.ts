import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/core/json.js';
import { CapabilitySet } from '../../src/core/workers.js';
import { LEASE_MS, newTask, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';

export function describeClaim(open: OpenStorage): void {
  describe('claim', () => {
    test('counts the attempt and begins the lease', async () => {
      const queue = new QueueUnderTest(open);
      const id = await queue.enqueue();
      const before = await queue.find(id);
      queue.clock.advance(1_234);
      const { leaseToken, leaseMs, traceparent, ...claimed } = await queue.claimOne({ workerId: 'worker-b' });
      const now = queue.clock.now();
      expect(leaseToken).toMatch(/^[\w-]{20,}$/);
      expect(leaseMs).toBe(LEASE_MS);
      expect(traceparent).toBe(null);
      expect(claimed).toEqual({
        ...before,
        status: 'processing',
        attempts: 1,
        processingStartedAt: now,
        updatedAt: now,
        leaseUntil: now + LEASE_MS,
        lockedBy: 'worker-b',
        revision: expect.any(Number),
      });
      expect(claimed.revision).toBeGreaterThan(before.revision);
      expect(await queue.find(id)).toEqual(claimed);
    });

    test('takes up to the limit, each task with its own token and revision', async () => {
      const queue = new QueueUnderTest(open);
      await queue.tasks.enqueueMany(Array.from({ length: 5 }, () => newTask()));
      const first = await queue.claim({ limit: 3 });
      const second = await queue.claim({ limit: 3 });
      expect([first.length, second.length]).toEqual([3, 2]);
      const claimed = [...first, ...second];
      for (const key of ['id', 'leaseToken', 'revision'] as const) {
        expect(new Set(claimed.map((task) => task[key])).size).toBe(5);
      }
      expect(await queue.claim({ limit: 3 })).toEqual([]);
    });

    test('claims at once never share a task', async () => {
      const queue = new QueueUnderTest(open);
      const enqueued = await queue.tasks.enqueueMany(Array.from({ length: 50 }, () => newTask()));
      const claims = await Promise.all(Array.from({ length: 12 }, () => queue.claimedIds({ limit: 5 })));
      expect(claims.flat().sort((a, b) => a - b)).toEqual(enqueued.map(({ id }) => id));
    });

    test('gives only the types that are asked for', async () => {
      const queue = new QueueUnderTest(open);
      const mail = await queue.enqueue({ type: 'mail' });
      const video = await queue.enqueue({ type: 'video' });
      const audio = await queue.enqueue({ type: 'audio' });
      expect(await queue.claimedIds({ types: ['video', 'none'], limit: 10 })).toEqual([video]);
      expect(await queue.claimedIds({ types: ['Mail', 'mai'], limit: 10 })).toEqual([]);
      expect(await queue.claimedIds({ types: null, limit: 10 })).toEqual([mail, audio]);
    });

    test('gives only tasks whose demands the worker meets', async () => {
      const queue = new QueueUnderTest(open);
      const anywhere = await queue.enqueue();
      const inUs = await queue.enqueue({ compatibility: { region: 'us' } });
      const inEu = await queue.enqueue({ compatibility: { region: 'eu' } });
      const withGpu = await queue.enqueue({ compatibility: { region: 'us', gpu: true } });
      const release = async (wishes: object) => {
        const claimed = await queue.claim({ limit: 10, ...wishes });
        for (const task of claimed) await queue.leases.release(task);
        return claimed.map(({ id }) => id);
      };
      expect(await release({})).toEqual([anywhere]);
      expect(await release({ capabilities: { region: 'us' } })).toEqual([anywhere, inUs]);
      expect(await release({ capabilities: { region: ['us', 'eu'] } })).toEqual([anywhere, inUs, inEu]);
      expect(await release({ capabilities: { region: 'us', gpu: 1 } })).toEqual([anywhere, inUs]);
      expect(await release({ capabilities: { gpu: true, region: 'us' } })).toEqual([anywhere, inUs, withGpu]);
    });

    test('takes exactly what the worker offers enough for, whatever is demanded', async () => {
      const scalars = fc.constantFrom<JsonValue>(null, true, 1, '1', 'é', {}, { a: 1 });
      const values = fc.oneof(scalars, fc.array(scalars, { maxLength: 3 }), fc.constant('x'.repeat(300)));
      const objects = fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), values, { maxKeys: 3 });
      await fc.assert(
        fc.asyncProperty(fc.array(objects, { maxLength: 60 }), objects, async (demands, capabilities) => {
          const queue = new QueueUnderTest(open);
          const compatibilities = demands as JsonObject[];
          await queue.tasks.enqueueMany(compatibilities.map((compatibility) => newTask({ compatibility })));
          const offer = new CapabilitySet(capabilities as JsonObject);
          const expected = compatibilities.flatMap((one, at) => (offer.meets(one) ? [at + 1] : []));
          const wishes = { capabilities: capabilities as JsonObject };
          expect(await queue.leases.countClaimable([{ types: null, ...wishes }])).toEqual([expected.length]);
          expect(await queue.claimedIds({ ...wishes, limit: 100 })).toEqual(expected);
        }),
        { numRuns: 12 },
      );
    });

    test('finds what is for it among thousands of demands, in the order of its strategy', async () => {
      const queue = new QueueUnderTest(open);
      const tenants = Array.from({ length: 3_000 }, (_, tenant) => newTask({ compatibility: { tenant } }));
      for (let at = 0; at < 3_000; at += 1_000) await queue.tasks.enqueueMany(tenants.slice(at, at + 1_000));
      const capabilities = { tenant: [2_999, 7, 1_500, -1, '8'] };
      expect(await queue.claimedIds({ capabilities, limit: 1 })).toEqual([8]);
      expect(await queue.claimedIds({ capabilities, limit: 10, strategy: 'lifo' })).toEqual([3_000, 1_501]);
      expect(await queue.claimedIds({ capabilities, limit: 10 })).toEqual([]);
      // More lanes than are asked for.
      const all = { tenant: Array.from({ length: 3_000 }, (_, tenant) => 2_999 - tenant) };
      expect(await queue.claimedIds({ capabilities: all, limit: 3 })).toEqual([1, 2, 3]);
      expect(await queue.claimedIds({ capabilities: all, limit: 2, strategy: 'lifo' })).toEqual([
        2_999, 2_998,
      ]);
    });

    test('counts no further than is asked for', async () => {
      const queue = new QueueUnderTest(open);
      for (let n = 0; n < 5; n++) await queue.enqueue({ priority: n + 1 });
      const claimer = { types: null, capabilities: {} };
      expect(await queue.leases.countClaimable([claimer, claimer], 2)).toEqual([2, 2]);
    });

    test('many claimers are counted in turns that others share', async () => {
      const queue = new QueueUnderTest(open);
      await queue.enqueue({ compatibility: { tenant: 1 } });
      const claimers = Array.from({ length: 500 }, (_, tenant) => ({
        types: null,
        capabilities: { tenant },
      }));
      let turns = 0;
      let turn: NodeJS.Immediate;
      const nextTurn = () => {
        turns++;
        turn = setImmediate(nextTurn);
      };
      turn = setImmediate(nextTurn);
      const counts = await queue.leases.countClaimable(claimers);
      clearImmediate(turn);
      expect(turns).toBeGreaterThan(5);
      expect(counts.reduce((sum, one) => sum + one, 0)).toBe(1);
    });

    test('leaves a scheduled task alone until the very millisecond it is due', async () => {
      const queue = new QueueUnderTest(open);
      const runAfter = queue.clock.now() + 5_000;
      const later = await queue.enqueue({ runAfter: runAfter + 1, priority: 1 });
      const scheduled = await queue.enqueue({ runAfter });
      expect(await queue.leases.nextDue()).toBe(runAfter);
      queue.clock.advance(4_999);
      expect(await queue.leases.hasClaimable({ types: null, capabilities: {} })).toBe(false);
      expect(await queue.claim({ limit: 10 })).toEqual([]);
      queue.clock.advance(1);
      expect(await queue.leases.hasClaimable({ types: null, capabilities: {} })).toBe(true);
      expect(await queue.claimedIds({ limit: 10 })).toEqual([scheduled]);
      expect(await queue.leases.nextDue()).toBe(runAfter + 1);
      queue.clock.advance(1);
      expect(await queue.claimedIds({ limit: 10 })).toEqual([later]);
      expect(await queue.leases.nextDue()).toBeNull();
    });

    test('falling due is no change of the task', async () => {
      const queue = new QueueUnderTest(open);
      const id = await queue.enqueue({ runAfter: queue.clock.now() + 1 });
      const before = await queue.find(id);
      queue.clock.advance(10);
      expect(await queue.claim({ types: ['other'] })).toEqual([]);
      expect(await queue.find(id)).toEqual(before);
    });

    test('thousands of tasks that fall due at once are all claimed', async () => {
      const queue = new QueueUnderTest(open);
      const runAfter = queue.clock.now() + 1;
      for (let batch = 0; batch < 3; batch++) {
        await queue.tasks.enqueueMany(Array.from({ length: 900 }, () => newTask({ runAfter })));
      }
      queue.clock.advance(1);
      const claimed = new Set<number>();
      while (await queue.leases.hasClaimable({ types: null, capabilities: {} })) {
        for (const id of await queue.claimedIds({ limit: 200 })) claimed.add(id);
      }
      expect(claimed.size).toBe(2_700);
    });

    test('whether there is something to claim is said for the claimer who asks', async () => {
      const queue = new QueueUnderTest(open);
      const ask = (types: string[] | null, capabilities = {}) =>
        queue.leases.hasClaimable({ types, capabilities });
      expect(await ask(null)).toBe(false);
      await queue.enqueue({ type: 'video', compatibility: { gpu: true } });
      expect(await ask(null)).toBe(false);
      expect(await ask(['mail'], { gpu: true })).toBe(false);
      expect(await ask(['video'], { gpu: true })).toBe(true);
      await queue.claimOne({ capabilities: { gpu: true } });
      expect(await ask(null, { gpu: true })).toBe(false);
    });

    test('how much there is to claim is said for many claimers at once, for each as if it were alone', async () => {
      const queue = new QueueUnderTest(open);
      const count = () =>
        queue.leases.countClaimable([
          { types: null, capabilities: {} },
          { types: ['video', 'mail'], capabilities: { gpu: true } },
          { types: ['print'], capabilities: {} },
        ]);
      expect(await count()).toEqual([0, 0, 0]);
      for (const priority of [1, 2]) await queue.enqueue({ priority });
      await queue.enqueue({ type: 'video', compatibility: { gpu: true } });
      expect(await count()).toEqual([2, 3, 0]);
      await queue.enqueue({ runAfter: queue.clock.now() + 1 });
      expect(await count()).toEqual([2, 3, 0]);
      queue.clock.advance(1);
      expect(await count()).not.toContain(0);
      await queue.claim({ types: ['none'] });
      expect(await count()).toEqual([3, 4, 0]);
      expect(await queue.leases.countClaimable([])).toEqual([]);
    });
  });
}

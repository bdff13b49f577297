import { describe, expect, test } from '@jest/globals';
import { quantileOf } from '../../src/core/statistics.js';
import { failure, LEASE_MS, newTask, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';

const MINUTE_MS = 60_000;

/** A queue at the beginning of a minute, and what happened in each of the first minutes. */
function begun(open: OpenStorage) {
  const queue = new QueueUnderTest(open);
  const from = queue.clock.now() / MINUTE_MS;
  const { stats } = queue.storage.repositories;
  return { queue, stats, from, spans: (count: number, step = 1) => stats.history(from, from + count, step) };
}

export function describeHistory(open: OpenStorage): void {
  describe('history', () => {
    test('counts what happened in the minute in which it did', async () => {
      const { queue, from, spans } = begun(open);
      const { tasks, leases, clock } = queue;
      await tasks.enqueueMany([newTask(), newTask(), newTask({ maxAttempts: 1 }), newTask()]);
      const [first, second, third] = await queue.claim({ limit: 3 });
      clock.advance(MINUTE_MS);
      await leases.complete(first as NonNullable<typeof first>, null);
      await leases.fail(second as NonNullable<typeof first>, failure());
      await tasks.cancel(4);
      clock.advance(2 * MINUTE_MS);
      await leases.reap();
      expect(third?.maxAttempts).toBe(1);
      const counts = (await spans(4)).map(({ wait: _, run: __, ...counted }) => counted);
      expect(counts).toEqual([
        { minute: from, enqueued: 4, started: 3, completed: 0, failed: 0 },
        { minute: from + 1, enqueued: 0, started: 0, completed: 1, failed: 1 },
        { minute: from + 2, enqueued: 0, started: 0, completed: 0, failed: 0 },
        { minute: from + 3, enqueued: 0, started: 0, completed: 0, failed: 1 },
      ]);
      const [both, rest] = await spans(4, 2);
      expect([both, rest]).toMatchObject([
        { minute: from, enqueued: 4, started: 3, completed: 1, failed: 1 },
        { minute: from + 2, enqueued: 0, failed: 1 },
      ]);
    });

    test('knows how long tasks waited and ran', async () => {
      const { queue, spans } = begun(open);
      for (const seconds of [1, 2, 3, 4, 20]) {
        await queue.enqueue();
        queue.clock.advance(200);
        const task = await queue.claimOne();
        queue.clock.advance(seconds * 1_000);
        await queue.leases.complete(task, null);
      }
      const [span] = await spans(1);
      expect(quantileOf(span?.wait as Map<number, number>, 0.99)).toBeCloseTo(200, -1.4);
      expect((quantileOf(span?.run as Map<number, number>, 0.5) as number) / 3_000).toBeCloseTo(1, 1);
      expect((quantileOf(span?.run as Map<number, number>, 1) as number) / 20_000).toBeCloseTo(1, 1);
    });

    test('a task that was due before it was there waited since it was there', async () => {
      const { queue, stats, spans } = begun(open);
      await queue.enqueue({ runAfter: 0 });
      queue.clock.advance(200);
      await queue.claim();
      expect(quantileOf((await spans(1))[0]?.wait as Map<number, number>, 1)).toBeCloseTo(200, -1.4);
      expect((await stats.typeEstimate('mail')).waitMs).toBe(200);
    });

    test('does not count what was refused or repeated', async () => {
      const { queue, spans } = begun(open);
      const key = { idempotencyKey: 'k' };
      const refused = [newTask(), newTask(key), newTask({ ...key, priority: 1 })];
      await Promise.allSettled([queue.tasks.enqueueMany(refused), queue.tasks.enqueueMany(refused)]);
      await queue.tasks.enqueueMany(refused).catch(() => undefined);
      await queue.enqueue({ priority: 5_000 }).catch(() => undefined);
      await queue.enqueue(key);
      await queue.enqueue(key);
      const task = await queue.claimOne();
      await queue.claim();
      await queue.leases.complete(task, null);
      await queue.leases.complete(task, null);
      await queue.leases.fail(task, failure()).catch(() => undefined);
      await queue.tasks.cancel(task.id);
      expect(await spans(1)).toMatchObject([{ enqueued: 1, started: 1, completed: 1, failed: 0 }]);
    });

    test('gives the rate of starts of the last minutes', async () => {
      const { queue, stats } = begun(open);
      expect(await stats.startRate()).toBeNull();
      await queue.tasks.enqueueMany(Array.from({ length: 30 }, () => newTask()));
      await queue.claim({ limit: 30 });
      queue.clock.advance(MINUTE_MS);
      expect(await stats.startRate()).toBeCloseTo(30 / 300, 5);
      queue.clock.advance(5 * MINUTE_MS);
      expect(await stats.startRate()).toBeNull();
    });
  });

  describe('stats per type', () => {
    test('equal a recount, in the order of types and in pages', async () => {
      const { queue, stats } = begun(open);
      for (const type of ['b', 'a', 'ä', 'b', 'c']) await queue.enqueue({ type });
      await queue.leases.complete(await queue.claimOne({ types: ['b'] }), null);
      await queue.leases.fail(await queue.claimOne({ types: ['c'] }), failure({ retryDelayMs: null }));
      await queue.claimOne({ types: ['b'] });
      const counts = (await stats.byType(10)).map(({ waitMs: _, runMs: __, ...type }) => type);
      expect(counts).toEqual([
        { type: 'a', queued: 1, processing: 0, completed: 0, failed: 0 },
        { type: 'b', queued: 0, processing: 1, completed: 1, failed: 0 },
        { type: 'c', queued: 0, processing: 0, completed: 0, failed: 1 },
        { type: 'ä', queued: 1, processing: 0, completed: 0, failed: 0 },
      ]);
      expect((await stats.byType(2)).map(({ type }) => type)).toEqual(['a', 'b']);
      expect((await stats.byType(2, 'b')).map(({ type }) => type)).toEqual(['c', 'ä']);
    });

    test('know what a type usually takes', async () => {
      const { queue, stats } = begun(open);
      expect(await stats.typeEstimate('mail')).toEqual({ waitMs: null, runMs: null });
      const runFor = async (waitMs: number, runMs: number) => {
        await queue.enqueue();
        queue.clock.advance(waitMs);
        const task = await queue.claimOne();
        queue.clock.advance(runMs);
        await queue.leases.complete(task, null);
      };
      await runFor(100, 2_000);
      expect(await stats.typeEstimate('mail')).toEqual({ waitMs: 100, runMs: 2_000 });
      await runFor(900, 2_000);
      expect(await stats.typeEstimate('mail')).toEqual({ waitMs: 200, runMs: 2_000 });
      await queue.enqueue();
      await queue.claimOne();
      queue.clock.advance(LEASE_MS);
      await queue.leases.reap();
      expect(await stats.typeEstimate('mail')).toEqual({ waitMs: 175, runMs: 2_000 });
    });
  });
}

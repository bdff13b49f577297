import { describe, expect, test } from '@jest/globals';
import { failure, LEASE_MS, newTask, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';
import { newPruner, pruneAll } from '../support/test-queue.js';

export function describeStats(open: OpenStorage): void {
  describe('stats', () => {
    test('of an empty queue', async () => {
      const queue = new QueueUnderTest(open);
      expect(await queue.stats()).toEqual({
        queued: 0,
        processing: 0,
        completed: 0,
        failed: 0,
        oldestQueuedAt: null,
      });
    });

    test('equal a recount after every step', async () => {
      const queue = new QueueUnderTest(open);
      const { tasks, leases, clock } = queue;
      const steps: (() => Promise<unknown>)[] = [
        () => queue.enqueue(),
        () => tasks.enqueueMany([newTask(), newTask({ type: 'video' }), newTask({ idempotencyKey: 'k' })]),
        () => queue.enqueue({ idempotencyKey: 'k' }),
        () => expect(tasks.enqueueMany([newTask(), newTask({ priority: 0 })])).rejects.toThrow(),
        () => queue.enqueue({ runAfter: clock.now() + 1_000 }),
        async () => leases.complete(await queue.claimOne(), null),
        async () => leases.fail(await queue.claimOne(), failure({ retryDelayMs: 5_000 })),
        async () => leases.fail(await queue.claimOne(), failure({ retryDelayMs: null })),
        async () => leases.release(await queue.claimOne()),
        () => queue.claim({ limit: 2 }),
        () => tasks.cancel(4),
        () => tasks.cancel(4),
        () => tasks.cancel(5),
        async () => clock.advance(LEASE_MS),
        () => leases.reap(),
        () => queue.claim({ limit: 10 }),
        async () => clock.advance(LEASE_MS),
        () => leases.reap(),
        () => tasks.retry(1),
        () => tasks.retry(4),
        () => pruneAll(newPruner(queue.storage.repositories.retention, { completedMs: 0, failedMs: 0 })),
      ];
      for (const [at, step] of steps.entries()) {
        clock.advance(7);
        await step();
        expect({ step: at, ...(await queue.stats()) }).toEqual({ step: at, ...(await queue.recount()) });
      }
    });

    test('the oldest queued task is the one that was created first, scheduled and retried ones included', async () => {
      const queue = new QueueUnderTest(open);
      const createdAt = queue.clock.now();
      await queue.enqueue({ runAfter: createdAt + 1_000_000 });
      queue.clock.advance(1_000);
      await queue.enqueue({ priority: 1 });
      expect((await queue.stats()).oldestQueuedAt).toBe(createdAt);
      await queue.tasks.cancel(1);
      expect((await queue.stats()).oldestQueuedAt).toBe(createdAt + 1_000);
      const task = await queue.claimOne();
      expect((await queue.stats()).oldestQueuedAt).toBeNull();
      await queue.leases.fail(task, failure({ retryDelayMs: 60_000 }));
      expect((await queue.stats()).oldestQueuedAt).toBe(createdAt + 1_000);
    });
  });
}

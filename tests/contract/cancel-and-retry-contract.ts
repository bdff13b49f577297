import { describe, expect, test } from '@jest/globals';
import { failure, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';

export function describeCancelAndRetry(open: OpenStorage): void {
  describe('cancel', () => {
    test.each([0, 60_000])('a queued task, due in %d ms, is failed and never claimed', async (delayMs) => {
      const queue = new QueueUnderTest(open);
      const id = await queue.enqueue({ runAfter: queue.clock.now() + delayMs });
      const before = await queue.find(id);
      expect(await queue.tasks.cancel(id)).toEqual({ id, status: 'failed', changed: true });
      const now = queue.clock.now();
      expect(await queue.find(id)).toEqual({
        ...before,
        status: 'failed',
        failureReason: 'cancelled',
        errorMessage: 'Cancelled by user',
        updatedAt: now,
        finishedAt: now,
        revision: expect.any(Number),
      });
      queue.clock.advance(delayMs);
      expect(await queue.claim()).toEqual([]);
      expect(await queue.leases.nextDue()).toBeNull();
    });

    test('a processing task is failed, and keeps the name of its worker', async () => {
      const queue = new QueueUnderTest(open);
      await queue.enqueue();
      const { id } = await queue.claimOne();
      await queue.tasks.cancel(id);
      expect(await queue.find(id)).toMatchObject({
        status: 'failed',
        failureReason: 'cancelled',
        lockedBy: 'worker-a',
        leaseUntil: null,
        attempts: 1,
      });
      expect(await queue.leases.nextExpiry()).toBeNull();
    });

    test('a finished task stays as it is', async () => {
      const queue = new QueueUnderTest(open);
      const completed = await queue.enqueue();
      await queue.leases.complete(await queue.claimOne(), null);
      const cancelled = await queue.enqueue();
      await queue.tasks.cancel(cancelled);
      for (const [id, status] of [[completed, 'completed'] as const, [cancelled, 'failed'] as const]) {
        const before = await queue.find(id);
        const log = await queue.log(id);
        expect(await queue.tasks.cancel(id)).toEqual({ id, status, changed: false });
        expect(await queue.find(id)).toEqual(before);
        expect(await queue.log(id)).toEqual(log);
      }
    });
  });

  describe('manual retry', () => {
    test.each(['completed', 'failed', 'cancelled'])('a %s task is queued again as if fresh', async (end) => {
      const queue = new QueueUnderTest(open);
      const runAfter = queue.clock.now() - 1;
      const id = await queue.enqueue({ maxAttempts: 2, runAfter, payload: { a: 1 }, idempotencyKey: 'k' });
      const fresh = await queue.find(id);
      await queue.leases.fail(await queue.claimOne(), failure());
      const task = await queue.claimOne();
      await queue.leases.renew({ ...task, leaseMs: null, progress: { percent: 40, message: 'half way' } });
      if (end === 'completed') await queue.leases.complete(task, '1');
      if (end === 'failed') await queue.leases.fail(task, failure());
      if (end === 'cancelled') await queue.tasks.cancel(id);
      queue.clock.advance(1_000);
      const now = queue.clock.now();
      const retried = await queue.tasks.retry(id);
      expect(retried).toEqual({ ...fresh, runAfter: now, updatedAt: now, revision: expect.any(Number) });
      expect(await queue.find(id)).toEqual(retried);
      expect(await queue.claimOne()).toMatchObject({ id, attempts: 1 });
    });

    test('a live task is refused, and says what it is', async () => {
      const queue = new QueueUnderTest(open);
      const id = await queue.enqueue();
      await expect(queue.tasks.retry(id)).rejects.toMatchObject({
        code: 'TASK_NOT_FINISHED',
        message: `Task ${id} is queued; only a finished task can be retried`,
      });
      const { leaseToken: _, leaseMs: __, traceparent: ___, ...claimed } = await queue.claimOne();
      await expect(queue.tasks.retry(id)).rejects.toMatchObject({
        code: 'TASK_NOT_FINISHED',
        message: expect.stringContaining('processing'),
      });
      expect(await queue.find(id)).toEqual(claimed);
    });

    test('the lease of before does not come back with it', async () => {
      const queue = new QueueUnderTest(open);
      const id = await queue.enqueue();
      const before = await queue.claimOne();
      await queue.leases.complete(before, null);
      await queue.tasks.retry(id);
      await expect(queue.leases.complete(before, null)).rejects.toMatchObject({ code: 'LEASE_LOST' });
      expect((await queue.find(id)).status).toBe('queued');
    });
  });
}

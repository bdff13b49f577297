import { describe, expect, test } from '@jest/globals';
import { LEASE_MS, newTask, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';

export function describeReap(open: OpenStorage): void {
  describe('reap', () => {
    test('a lease is taken back when it ends, not before; its attempt counts', async () => {
      const queue = new QueueUnderTest(open);
      const id = await queue.enqueue();
      await queue.claimOne({ workerId: 'worker-b' });
      expect(await queue.leases.nextExpiry()).toBe(queue.clock.now() + LEASE_MS);
      queue.clock.advance(LEASE_MS - 1);
      expect(await queue.leases.reap()).toBe(0);
      queue.clock.advance(1);
      expect(await queue.leases.reap()).toBe(1);
      expect(await queue.find(id)).toMatchObject({
        status: 'queued',
        attempts: 1,
        runAfter: queue.clock.now(),
        errorMessage: 'Lease expired: worker worker-b stopped responding',
        failureReason: null,
        lockedBy: null,
        leaseUntil: null,
        processingStartedAt: null,
      });
      expect(await queue.leases.nextExpiry()).toBeNull();
      expect(await queue.claimOne()).toMatchObject({ id, attempts: 2 });
    });

    test('a task that takes down its worker every time fails, and its log names them', async () => {
      const queue = new QueueUnderTest(open);
      const id = await queue.enqueue({ maxAttempts: 2 });
      for (const workerId of ['worker-a', 'worker-b']) {
        await queue.claimOne({ workerId });
        queue.clock.advance(LEASE_MS);
        await queue.leases.reap();
      }
      expect(await queue.find(id)).toMatchObject({
        status: 'failed',
        failureReason: 'lease_expired',
        errorMessage: 'Lease expired: worker worker-b stopped responding',
        attempts: 2,
        lockedBy: 'worker-b',
        finishedAt: queue.clock.now(),
        leaseUntil: null,
      });
      expect((await queue.log(id)).filter((line) => line.startsWith('error'))).toEqual([
        'error Lease expired: worker worker-a stopped responding',
        'error Lease expired: worker worker-b stopped responding',
      ]);
    });

    test('leases of others, and tasks nobody holds, are left alone', async () => {
      const queue = new QueueUnderTest(open);
      await queue.enqueue();
      const short = await queue.claimOne({ leaseMs: 5_000 });
      await queue.enqueue();
      const long = await queue.claimOne({ leaseMs: 50_000 });
      const waiting = await queue.enqueue({ runAfter: queue.clock.now() + 1 });
      const before = await Promise.all([long.id, waiting].map((id) => queue.find(id)));
      queue.clock.advance(10_000);
      expect(await queue.leases.reap()).toBe(1);
      expect((await queue.find(short.id)).status).toBe('queued');
      expect(await Promise.all([long.id, waiting].map((id) => queue.find(id)))).toEqual(before);
    });

    test('a clock that went back takes nothing; one that leapt ahead takes what it must', async () => {
      const queue = new QueueUnderTest(open);
      const id = await queue.enqueue();
      await queue.claimOne();
      queue.clock.advance(-3_600_000);
      expect(await queue.leases.reap()).toBe(0);
      queue.clock.advance(7_200_000);
      expect(await queue.leases.reap()).toBe(1);
      expect((await queue.find(id)).status).toBe('queued');
    });

    test('hundreds of expired leases are taken back, though not all in one go', async () => {
      const queue = new QueueUnderTest(open);
      await queue.tasks.enqueueMany(Array.from({ length: 450 }, () => newTask()));
      while ((await queue.claim({ limit: 100 })).length > 0);
      queue.clock.advance(LEASE_MS);
      let total = 0;
      for (let count = await queue.leases.reap(); count > 0; count = await queue.leases.reap())
        total += count;
      expect(total).toBe(450);
      expect(await queue.stats()).toMatchObject({ queued: 450, processing: 0 });
    });
  });
}

import { describe, expect, test } from '@jest/globals';
import type { ClaimedTask } from '../../src/core/task.js';
import { failure, LEASE_MS, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';

/** A claimed task with progress, a second after its claim. */
async function claimed(open: OpenStorage, wishes = {}) {
  const queue = new QueueUnderTest(open);
  await queue.enqueue(wishes);
  const task = await queue.claimOne();
  await queue.leases.renew({ ...task, leaseMs: null, progress: { percent: 40, message: 'half way' } });
  queue.clock.advance(1_000);
  const { id, leaseToken } = task;
  return { queue, task, lease: { id, leaseToken } };
}

/** The columns of the task itself, without those of the claim. */
const stored = ({ leaseToken: _, leaseMs: __, traceparent: ___, ...task }: ClaimedTask) => task;

export function describeSettle(open: OpenStorage): void {
  describe('complete, fail, release', () => {
    test('complete keeps the result and who did it', async () => {
      const { queue, task, lease } = await claimed(open);
      const now = queue.clock.now();
      await queue.leases.complete(lease, '{"url":"ü"}');
      const { revision, ...completed } = await queue.find(task.id);
      expect(completed).toEqual({
        ...stored(task),
        revision: undefined,
        status: 'completed',
        progress: 100,
        progressMessage: 'half way',
        result: '{"url":"ü"}',
        updatedAt: now,
        finishedAt: now,
        leaseUntil: null,
      });
      expect(revision).toBeGreaterThan(task.revision);
    });

    test('complete clears the error of an earlier attempt', async () => {
      const { queue, lease } = await claimed(open);
      await queue.leases.fail(lease, failure());
      expect((await queue.find(lease.id)).errorMessage).toBe('no route to host');
      await queue.leases.complete(await queue.claimOne(), null);
      expect(await queue.find(lease.id)).toMatchObject({ errorMessage: null, result: null, attempts: 2 });
    });

    test('many at once: each has its own result, the same twice counts once, and who lost his lease hears it', async () => {
      const queue = new QueueUnderTest(open);
      for (let n = 0; n < 5; n++) await queue.enqueue();
      const tasks = await queue.claim({ limit: 5 });
      const [first, second, third, cancelled, other] = tasks as [
        ClaimedTask,
        ClaimedTask,
        ClaimedTask,
        ClaimedTask,
        ClaimedTask,
      ];
      await queue.tasks.cancel(cancelled.id);
      const outcomes = await Promise.allSettled([
        queue.leases.complete(first, '{"n":1}'),
        queue.leases.complete(second, '"\\u0000 \\ud800 ü"'),
        queue.leases.complete(third, null),
        queue.leases.complete(first, '{"n":1}'),
        queue.leases.complete(cancelled, null),
        queue.leases.complete(other, '5'),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
      ]);
      const found = await Promise.all(tasks.map(({ id }) => queue.find(id)));
      expect(found.map(({ status, result }) => [status, result])).toEqual([
        ['completed', '{"n":1}'],
        ['completed', '"\\u0000 \\ud800 ü"'],
        ['completed', null],
        ['failed', null],
        ['completed', '5'],
      ]);
      expect(new Set(found.map(({ revision }) => revision)).size).toBe(5);
      const now = Math.floor(queue.clock.now() / 60_000);
      const [minute] = await queue.storage.repositories.stats.history(now, now + 1, 1);
      expect(minute?.completed).toBe(4);
    });

    test('two complete one task at once: who does not hold its lease is refused, also before the one who does', async () => {
      const { queue, lease } = await claimed(open);
      const outcomes = await Promise.allSettled([
        queue.leases.complete({ ...lease, leaseToken: 'not-his' }, '1'),
        queue.leases.complete(lease, '2'),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    });

    test('of two outcomes of one attempt at once the one that is told stored is stored', async () => {
      const { queue, lease } = await claimed(open);
      const outcomes = await Promise.allSettled([
        queue.leases.complete(lease, '2'),
        queue.leases.complete(lease, '3'),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
      expect(await queue.find(lease.id)).toMatchObject({ result: '2' });
    });

    test('fail queues the task again after its delay, while attempts are left', async () => {
      const { queue, task, lease } = await claimed(open);
      const now = queue.clock.now();
      await queue.leases.fail(lease, failure({ retryDelayMs: 2_000 }));
      expect(await queue.find(task.id)).toEqual({
        ...stored(task),
        status: 'queued',
        errorMessage: 'no route to host',
        runAfter: now + 2_000,
        updatedAt: now,
        processingStartedAt: null,
        leaseUntil: null,
        lockedBy: null,
        progress: null,
        progressMessage: null,
        revision: expect.any(Number),
      });
      queue.clock.advance(1_999);
      expect(await queue.claim()).toEqual([]);
      queue.clock.advance(1);
      expect(await queue.claimOne()).toMatchObject({ attempts: 2, errorMessage: 'no route to host' });
    });

    test('fail of the last attempt fails the task, for the reason given', async () => {
      const { queue, task, lease } = await claimed(open, { maxAttempts: 1 });
      const now = queue.clock.now();
      await queue.leases.fail(lease, failure({ reason: 'timeout', retryDelayMs: 1_000 }));
      expect(await queue.find(task.id)).toEqual({
        ...stored(task),
        status: 'failed',
        failureReason: 'timeout',
        errorMessage: 'no route to host',
        progress: 40,
        progressMessage: 'half way',
        updatedAt: now,
        finishedAt: now,
        leaseUntil: null,
        revision: expect.any(Number),
      });
    });

    test('a task is executed max_attempts times, no more', async () => {
      const queue = new QueueUnderTest(open);
      const id = await queue.enqueue({ maxAttempts: 3 });
      for (let attempt = 1; attempt <= 3; attempt++) {
        const task = await queue.claimOne();
        expect(task.attempts).toBe(attempt);
        await queue.leases.fail(task, failure());
      }
      expect(await queue.find(id)).toMatchObject({ status: 'failed', failureReason: 'error', attempts: 3 });
      expect(await queue.claim()).toEqual([]);
    });

    test('fail for good leaves attempts unused', async () => {
      const { queue, lease } = await claimed(open);
      await queue.leases.fail(lease, failure({ reason: 'rejected', retryDelayMs: null }));
      expect(await queue.find(lease.id)).toMatchObject({
        status: 'failed',
        failureReason: 'rejected',
        attempts: 1,
      });
    });

    test('a delay beyond all reason is a year: whatever is stored can be listed', async () => {
      const { queue, lease } = await claimed(open);
      await queue.leases.fail(lease, failure({ retryDelayMs: Number.MAX_VALUE }));
      const [task] = await queue.list({}, 1);
      expect(new Date(task?.runAfter as number)).toEqual(new Date(queue.clock.now() + 365 * 86_400_000));
    });

    test('release gives the attempt back; the error of an earlier one stays', async () => {
      const { queue, lease } = await claimed(open);
      await queue.leases.fail(lease, failure());
      const second = await queue.claimOne();
      queue.clock.advance(500);
      await queue.leases.release(second);
      const now = queue.clock.now();
      expect(await queue.find(lease.id)).toEqual({
        ...stored(second),
        status: 'queued',
        attempts: 1,
        errorMessage: 'no route to host',
        runAfter: now,
        updatedAt: now,
        processingStartedAt: null,
        leaseUntil: null,
        lockedBy: null,
        revision: expect.any(Number),
      });
      expect(await queue.claimOne()).toMatchObject({ attempts: 2 });
    });

    test('the fence is the token, not the clock: a late settle counts', async () => {
      const { queue, lease } = await claimed(open);
      queue.clock.advance(10 * LEASE_MS);
      await queue.leases.complete(lease, null);
      expect((await queue.find(lease.id)).status).toBe('completed');
    });

    test.each([
      ['complete', (queue: QueueUnderTest, lease: ClaimedTask) => queue.leases.complete(lease, '{"a":1}')],
      ['fail', (queue: QueueUnderTest, lease: ClaimedTask) => queue.leases.fail(lease, failure())],
      ['release', (queue: QueueUnderTest, lease: ClaimedTask) => queue.leases.release(lease)],
    ])('%s sent twice succeeds twice and changes nothing', async (_, settle) => {
      const { queue, task } = await claimed(open);
      await settle(queue, task);
      const settled = await queue.find(task.id);
      const log = await queue.log(task.id);
      queue.clock.advance(1_000);
      await settle(queue, task);
      expect(await queue.find(task.id)).toEqual(settled);
      expect(await queue.log(task.id)).toEqual(log);
    });

    test('a repeated settle also succeeds when the task is already in other hands', async () => {
      const { queue, task } = await claimed(open);
      await queue.leases.release(task);
      const next = await queue.claimOne({ workerId: 'worker-b' });
      await queue.leases.release(task);
      expect(await queue.find(task.id)).toEqual(stored(next));
      await queue.leases.complete(next, null);
    });
  });
}

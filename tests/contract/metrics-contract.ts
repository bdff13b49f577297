import { describe, expect, test } from '@jest/globals';
import type { QueueMeasurements } from '../../src/repositories/stats-repository.js';
import { failure, newTask, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';

const SECOND = 1_000;

/** What the buckets have seen, without those that have seen nothing. */
const seen = ({ durations }: QueueMeasurements, kind: 'wait' | 'run') =>
  Object.fromEntries(
    durations[kind].counts.flatMap((count, at) =>
      count > 0 ? [[String(durations[kind].bounds[at] ?? 'more'), count]] : [],
    ),
  );

export function describeMetrics(open: OpenStorage): void {
  const opened = () => {
    const queue = new QueueUnderTest(open);
    const { metrics, retention, workers } = queue.storage.repositories;
    return { queue, metrics, retention, workers, read: () => metrics.queue(50) };
  };

  describe('metrics', () => {
    test('of a new file are nothing at all', async () => {
      const { read } = opened();
      const { totals, types, durations, ...rest } = await read();
      expect(new Set(Object.values(totals))).toEqual(new Set([0]));
      expect(types).toEqual([]);
      expect(durations.wait).toMatchObject({ sum: 0 });
      expect(rest).toEqual({
        statuses: { queued: 0, processing: 0, completed: 0, failed: 0 },
        oldestDueAt: null,
        typesWithoutWorker: 0,
        overdueHandlers: 0,
      });
    });

    test('add up everything that happens to tasks, each under its name', async () => {
      const { queue, retention, read } = opened();
      for (let n = 0; n < 9; n++) await queue.enqueue();
      await queue.enqueue({ idempotencyKey: 'once' });
      await queue.enqueue({ idempotencyKey: 'once' });

      await queue.leases.complete(await queue.claimOne(), null);
      await queue.leases.fail(await queue.claimOne(), failure({ retryDelayMs: 60 * SECOND }));
      await queue.leases.fail(await queue.claimOne(), failure({ reason: 'rejected', retryDelayMs: null }));
      await queue.leases.fail(await queue.claimOne(), failure({ reason: 'timeout', retryDelayMs: null }));
      await queue.leases.fail(await queue.claimOne(), failure({ retryDelayMs: null }));
      await queue.leases.release(await queue.claimOne());
      const running = await queue.claimOne();
      await queue.tasks.cancel(running.id);
      await queue.tasks.cancel(10);
      await queue.tasks.cancel(10);
      await queue.tasks.retry(1);
      await queue.claimOne({ leaseMs: SECOND });
      queue.clock.advance(2 * SECOND);
      await queue.leases.reap();
      queue.clock.advance(SECOND);
      const rule = { keptMs: 0, types: { except: [] } };
      await retention.pruneTasks({ status: 'failed', rule, after: { at: 0, id: 0 }, limit: 2 });

      expect((await read()).totals).toEqual({
        enqueued: 10,
        started: 8,
        completed: 1,
        'failed:error': 1,
        'failed:cancelled': 2,
        'failed:timeout': 1,
        'failed:rejected': 1,
        'failed:lease_expired': 0,
        'failed:no_handler': 0,
        retried: 2,
        released: 1,
        expired: 1,
        requeued: 1,
        deleted: 2,
        wait_ms: 0,
        run_ms: 0,
      });
    });

    test('count what is stored, and nothing of what is refused', async () => {
      const { queue, read } = opened();
      const task = await queue.enqueue().then(() => queue.claimOne());
      const lost = { id: task.id, leaseToken: 'not-it' };
      await expect(queue.leases.complete(lost, null)).rejects.toMatchObject({ code: 'LEASE_LOST' });
      await expect(queue.tasks.retry(task.id)).rejects.toMatchObject({ code: 'TASK_NOT_FINISHED' });
      await queue.leases.complete(task, null);
      await queue.leases.complete(task, null);
      await queue.enqueue({ idempotencyKey: 'once' });
      const conflict = newTask({ idempotencyKey: 'once', priority: 1 });
      await expect(queue.tasks.enqueueMany([newTask(), conflict])).rejects.toMatchObject({
        code: 'IDEMPOTENCY_KEY_REUSED',
      });
      await queue.enqueue();
      expect((await read()).totals).toMatchObject({ enqueued: 3, started: 1, completed: 1, requeued: 0 });
    });

    test('sort waits and runs into buckets whose bounds belong to them', async () => {
      const { queue, read } = opened();
      for (const [waitMs, runMs] of [
        [5, 10],
        [6, 11],
        [86_400_001, 0],
      ] as const) {
        await queue.enqueue();
        queue.clock.advance(waitMs);
        const task = await queue.claimOne({ leaseMs: SECOND });
        queue.clock.advance(runMs);
        await queue.leases.complete(task, null);
      }
      const measured = await read();
      expect(seen(measured, 'wait')).toEqual({ 5: 1, 10: 1, more: 1 });
      expect(seen(measured, 'run')).toEqual({ 5: 1, 10: 1, 25: 1 });
      expect(measured.durations.wait.sum).toBe(86_400_012);
      expect(measured.durations.run.sum).toBe(21);
    });

    test('tell the busiest types apart, and count the others in the whole', async () => {
      const { queue, metrics } = opened();
      for (const type of ['a', 'b', 'b', 'c', 'c', 'c', 'd']) await queue.enqueue({ type });
      await queue.leases.complete(await queue.claimOne({ types: ['d'] }), null);
      const { types, statuses } = await metrics.queue(2);
      expect(types.map(({ type, queued }) => [type, queued]).sort()).toEqual([
        ['b', 2],
        ['c', 3],
      ]);
      expect(statuses).toEqual({ queued: 6, processing: 0, completed: 1, failed: 0 });
    });

    test('know since when the oldest due task waits, also where nobody claims', async () => {
      const { queue, read } = opened();
      const begin = queue.clock.now();
      await queue.enqueue({ runAfter: begin + 10 * SECOND });
      const oldest = async () => {
        const { oldestDueAt } = await read();
        expect(await queue.storage.repositories.stats.oldestDue()).toBe(oldestDueAt);
        return oldestDueAt;
      };
      expect(await oldest()).toBe(null);

      queue.clock.advance(15 * SECOND);
      expect(await oldest()).toBe(begin + 10 * SECOND);

      // Was due in the past when it was enqueued: it waits since it is here.
      await queue.enqueue({ priority: 1, runAfter: begin });
      expect(await oldest()).toBe(begin + 10 * SECOND);

      const task = await queue.claimOne({ types: ['mail'], strategy: 'fifo' });
      expect(await oldest()).toBe(begin + 15 * SECOND);
      queue.clock.advance(SECOND);
      await queue.leases.release(task);
      expect(await oldest()).toBe(begin + 15 * SECOND);
    });

    test('find the oldest due task behind a thousand that are not due', async () => {
      const { queue, read } = opened();
      const begin = queue.clock.now();
      const later = newTask({ type: 'later', runAfter: begin + 1_000 * SECOND });
      await queue.tasks.enqueueMany(new Array(1_100).fill(later));
      await queue.enqueue({ runAfter: begin + SECOND });
      queue.clock.advance(2 * SECOND);
      expect((await read()).oldestDueAt).toBe(begin + SECOND);

      queue.clock.set(begin);
      await queue.enqueue();
      expect((await read()).oldestDueAt).toBe(begin);
    });

    test('count types with due tasks that no live worker takes', async () => {
      const { queue, workers, read } = opened();
      const unserved = async () => (await read()).typesWithoutWorker;
      await queue.enqueue({ type: 'mail' });
      await queue.enqueue({ type: 'mail', priority: 1 });
      await queue.enqueue({ type: 'video', compatibility: { gpu: true } });
      await queue.enqueue({ type: 'later', runAfter: queue.clock.now() + SECOND });
      expect(await unserved()).toBe(2);

      const facts = { host: null, pid: null, version: null, slots: 1, staleMs: 60 * SECOND };
      await workers.register({ ...facts, id: 'a', types: ['mail', 'video'], capabilities: {} });
      expect(await unserved()).toBe(1);
      await workers.register({ ...facts, id: 'b', types: ['video'], capabilities: { gpu: true } });
      expect(await unserved()).toBe(0);

      queue.clock.advance(SECOND);
      expect(await unserved()).toBe(1);
      await workers.register({ ...facts, id: 'c', types: null, capabilities: {} });
      expect(await unserved()).toBe(0);

      queue.clock.advance(61 * SECOND);
      expect(await unserved()).toBe(3);
    });

    test('measure commits and the room that the storage takes', async () => {
      const { queue, metrics } = opened();
      const before = await metrics.storage();
      await queue.enqueue();
      const { commits, databaseBytes, file } = await metrics.storage();
      const commitsOf = ({ commits: { durations } }: typeof before) =>
        durations.counts.reduce((sum, count) => sum + count, 0);
      expect(commitsOf({ ...before, commits })).toBe(commitsOf(before) + 1);
      expect(commits.durations.sum).toBeGreaterThan(before.commits.durations.sum);
      expect(commits.groups.sum).toBe(before.commits.groups.sum + 1);
      expect(commits.busyRetries).toBe(0);
      expect(databaseBytes + (file?.walBytes ?? 0)).toBeGreaterThan(4096);
      expect(file?.diskFreeBytes ?? 1).toBeGreaterThan(0);
    });
  });
}

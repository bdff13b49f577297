import { describe, expect, test } from '@jest/globals';
import type { Retention, RetentionRule } from '../../src/core/maintenance.js';
import { failure, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';
import { newPruner, pruneAll } from '../support/test-queue.js';

const START = { at: -1, id: 0 };

const after = (keptMs: number): RetentionRule => ({ keptMs, types: { except: [] } });

export function describeRetention(open: OpenStorage): void {
  describe('prune', () => {
    /** Three completed tasks (1 to 3) and three failed ones (4 to 6), a second apart, a held and a queued one. */
    async function filled() {
      const queue = new QueueUnderTest(open);
      for (let id = 1; id <= 6; id++) {
        await queue.enqueue({ idempotencyKey: `key ${id}`, type: id % 3 === 0 ? 'every third' : 'mail' });
        const task = await queue.claimOne();
        if (id <= 3) await queue.leases.complete(task, null);
        else await queue.leases.fail(task, failure({ retryDelayMs: null }));
        queue.clock.advance(1_000);
      }
      await queue.enqueue();
      await queue.claimOne();
      await queue.enqueue();
      const { retention } = queue.storage.repositories;
      const ids = async () => (await queue.list({}, 100)).map(({ id }) => id).reverse();
      const prune = (kept: Partial<Retention>) => pruneAll(newPruner(retention, kept));
      return { queue, retention, ids, prune };
    }

    test('deletes finished tasks by when they finished, and nothing that lives', async () => {
      const { prune, ids } = await filled();
      await prune({ completedMs: 5_000, failedMs: 3_000 });
      expect(await ids()).toEqual([3, 5, 6, 7, 8]);
      await prune({ completedMs: 0, failedMs: 0 });
      expect(await ids()).toEqual([7, 8]);
    });

    test('keeps for ever what has no limit', async () => {
      const { prune, ids } = await filled();
      await prune({});
      expect(await ids()).toHaveLength(8);
      await prune({ failedMs: 0 });
      expect(await ids()).toEqual([1, 2, 3, 7, 8]);
    });

    test('heeds what holds for a type instead', async () => {
      const { prune, ids } = await filled();
      await prune({ completedMs: 0, failedMs: 0, types: { 'every third': { completedMs: null } } });
      expect(await ids()).toEqual([3, 7, 8]);
      await prune({ types: { 'every third': { completedMs: 1_000 }, mail: { completedMs: null } } });
      expect(await ids()).toEqual([7, 8]);
    });

    test('deletes no more in one step than it is told to, oldest first, and goes on from there', async () => {
      const { retention, ids } = await filled();
      const walk = { status: 'failed', rule: after(0), limit: 2 } as const;
      const step = await retention.pruneTasks({ ...walk, after: START });
      expect(step).toMatchObject({ deleted: 2, isEnd: false });
      expect(await ids()).toEqual([1, 2, 3, 6, 7, 8]);
      expect(await retention.pruneTasks({ ...walk, after: step.cursor })).toMatchObject({
        deleted: 1,
        isEnd: true,
      });
      expect(await ids()).toEqual([1, 2, 3, 7, 8]);
    });

    test('does not look again at what it has left behind', async () => {
      const { retention } = await filled();
      const rule = { keptMs: 0, types: { only: ['every third'] } };
      const walk = { status: 'completed', rule, limit: 2 } as const;
      const first = await retention.pruneTasks({ ...walk, after: START });
      expect(first).toMatchObject({ deleted: 0, cursor: { id: 2 }, isEnd: false });
      expect(await retention.pruneTasks({ ...walk, after: first.cursor })).toMatchObject({
        deleted: 1,
        cursor: { id: 3 },
        isEnd: true,
      });
    });

    test('takes logs along, frees the idempotency key, and never gives an id again', async () => {
      const { queue, prune } = await filled();
      const { logs } = queue.storage.repositories;
      await prune({ completedMs: 0, failedMs: 0 });
      const gone = { code: 'TASK_NOT_FOUND' };
      await expect(queue.find(1)).rejects.toMatchObject(gone);
      await expect(logs.list({ taskId: 1, limit: 1 })).rejects.toMatchObject(gone);
      await queue.tasks.cancel(7);
      await queue.tasks.cancel(8);
      await prune({ completedMs: 0, failedMs: 0 });
      const reply = await queue.enqueue({ idempotencyKey: 'key 1' });
      expect(reply).toBe(9);
      expect(await queue.log(9)).toEqual([]);
      expect(await queue.claimedIds()).toEqual([9]);
    });
  });

  describe('prune logs', () => {
    const said = (message: string) => ({ level: 'info' as const, message, details: null });

    test('of finished tasks that are kept longer, from their end on', async () => {
      const queue = new QueueUnderTest(open);
      await queue.enqueue();
      const task = await queue.claimOne();
      const { logs, retention } = queue.storage.repositories;
      await logs.append(task, [said('halfway')]);
      await queue.leases.fail(task, failure({ retryDelayMs: null }));
      queue.clock.advance(5_000);
      await pruneAll(newPruner(retention, { logsMs: 5_001 }));
      expect(await queue.log(1)).toHaveLength(3);
      await pruneAll(newPruner(retention, { logsMs: 5_000, types: { mail: { logsMs: null } } }));
      expect(await queue.log(1)).toHaveLength(3);
      await pruneAll(newPruner(retention, { logsMs: 5_000 }));
      expect(await queue.log(1)).toEqual([]);
      expect(await queue.find(1)).toMatchObject({ status: 'failed', errorMessage: 'no route to host' });
    });

    test('of tasks that live long, entry by entry', async () => {
      const queue = new QueueUnderTest(open);
      const { logs, retention } = queue.storage.repositories;
      for (const type of ['mail', 'fax']) await queue.enqueue({ type });
      const held = await queue.claim({ limit: 2, leaseMs: 3_600_000 });
      for (const message of ['first', 'second', 'third']) {
        for (const task of held) await logs.append(task, [said(message)]);
        queue.clock.advance(1_000);
      }
      await pruneAll(newPruner(retention, { logsMs: 2_000, types: { fax: { logsMs: 3_000 } } }));
      expect(await queue.log(1)).toEqual(['info Claimed by worker-a', 'info third']);
      expect(await queue.log(2)).toEqual(['info Claimed by worker-a', 'info second', 'info third']);
    });

    test('a log larger than one transaction takes goes bit by bit, before its task', async () => {
      const queue = new QueueUnderTest(open);
      const { logs, retention } = queue.storage.repositories;
      await queue.enqueue();
      const task = await queue.claimOne();
      for (let at = 0; at < 25; at++)
        await logs.append(
          task,
          Array.from({ length: 100 }, () => said('x')),
        );
      await queue.leases.complete(task, null);
      queue.clock.advance(2_000);
      const walk = { status: 'completed', rule: after(0), after: START, limit: 100 } as const;
      expect(await retention.pruneTasks(walk)).toEqual({ deleted: 0, cursor: START, isEnd: false });
      expect((await queue.log(1)).length).toBeLessThan(600);
      expect(await retention.pruneTasks(walk)).toMatchObject({ deleted: 1, isEnd: true });
      expect(await queue.list({}, 10)).toEqual([]);
    });
  });

  describe('prune the audit log', () => {
    const by = { name: 'ci', address: '127.0.0.1', requestId: null };

    test('deletes its oldest entries, and no more in one step than it is told to', async () => {
      const queue = new QueueUnderTest(open);
      const id = await queue.enqueue();
      for (let at = 0; at < 5; at++) {
        await queue.tasks.cancel(id, by);
        queue.clock.advance(1_000);
      }
      const { retention } = queue.storage.repositories;
      expect(await retention.pruneAudit(6_000, 100)).toBe(0);
      expect(await retention.pruneAudit(3_000, 2)).toBe(2);
      expect(await retention.pruneAudit(3_000, 2)).toBe(1);
      expect(await retention.pruneAudit(3_000, 2)).toBe(0);
      await pruneAll(newPruner(retention, { auditMs: 0 }));
      expect(await retention.pruneAudit(0, 100)).toBe(0);
    });
  });
}

import { describe, expect, test } from '@jest/globals';
import type { BulkAction, BulkCriteria } from '../../src/core/bulk.js';
import { ManualClock } from '../../src/core/clock.js';
import { SpooliteError } from '../../src/core/errors.js';
import type { BulkRepository } from '../../src/repositories/task-repository.js';
import { BulkChange } from '../../src/services/bulk-change.js';
import { readChanges } from '../../src/services/read-changes.js';
import { failure, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';

export function describeBulk(open: OpenStorage): void {
  describe('bulk', () => {
    /** Completed 1 and 2, failed 3 and 4 (4 by timeout), held 5 and 6, queued 7 and 8; odd ones are mails, even ones faxes. */
    async function filled() {
      const queue = new QueueUnderTest(open);
      for (let id = 1; id <= 8; id++) {
        await queue.enqueue({ type: id % 2 === 1 ? 'mail' : 'fax', idempotencyKey: `key ${id}` });
        if (id <= 6) {
          const task = await queue.claimOne();
          const reason = id === 4 ? 'timeout' : 'error';
          if (id <= 2) await queue.leases.complete(task, `${id}`);
          else if (id <= 4) await queue.leases.fail(task, failure({ retryDelayMs: null, reason }));
        }
        queue.clock.advance(1_000);
      }
      const { bulk } = queue.storage.repositories;
      const change = new BulkChange(bulk);
      const run = (action: BulkAction, filter: BulkCriteria, expected: number) =>
        change.run({ action, filter, expected });
      const ids = async (status?: 'queued' | 'failed' | 'completed' | 'processing') =>
        (await queue.list({ status }, 100)).map(({ id }) => id).reverse();
      return { queue, bulk, change, run, ids };
    }

    const start = new ManualClock().now();

    test.each<[BulkAction, BulkCriteria, number]>([
      ['cancel', {}, 4],
      ['cancel', { status: 'queued' }, 2],
      ['cancel', { type: 'fax' }, 2],
      ['cancel', { type: 'fax', status: 'processing' }, 1],
      ['cancel', { ids: [8, 7, 7, 1, 99] }, 2],
      ['cancel', { createdAfter: start + 5_000 }, 2],
      ['cancel', { createdBefore: start + 5_000 }, 1],
      ['cancel', { createdAfter: start + 4_999, createdBefore: start + 6_000 }, 1],
      ['retry', {}, 2],
      ['retry', { status: 'completed' }, 2],
      ['retry', { failureReason: 'timeout' }, 1],
      ['retry', { failureReason: 'cancelled' }, 0],
      ['delete', {}, 4],
      ['delete', { type: 'mail' }, 2],
      ['delete', { status: 'failed', type: 'mail' }, 1],
      ['delete', { ids: [1, 2, 3, 4, 5], type: 'fax' }, 2],
      ['cancel', { type: 'nothing' }, 0],
    ])('%s %j meets %d', async (action, filter, count) => {
      const { change, run, queue } = await filled();
      expect(await change.count(action, filter)).toMatchObject({ matched: count });
      expect(await run(action, filter, count)).toMatchObject({
        preview: { matched: count },
        done: count,
        cursor: null,
      });
      expect(await queue.stats()).toEqual(await queue.recount());
      if (count > 0) expect(await change.count(action, filter)).toMatchObject({ matched: 0 });
    });

    test('retries what somebody cancelled only where it is named, by id or by reason', async () => {
      const { queue, change, run, ids } = await filled();
      await run('cancel', { status: 'queued' }, 2);
      const spared = { matched: 2, byReason: { error: 1, timeout: 1 }, cancelledLeftOut: 2 };
      for (const filter of [{}, { status: 'failed' as const }, { createdAfter: 0 }])
        expect(await change.count('retry', filter)).toEqual(spared);
      expect(await change.count('retry', { type: 'fax' })).toEqual({
        matched: 1,
        byReason: { timeout: 1 },
        cancelledLeftOut: 1,
      });
      expect(await change.count('retry', { status: 'completed' })).toMatchObject({
        byReason: null,
        cancelledLeftOut: 0,
      });
      await run('retry', { status: 'failed' }, 2);
      expect(await ids('failed')).toEqual([7, 8]);
      await run('retry', { ids: [7] }, 1);
      await run('retry', { failureReason: 'cancelled' }, 1);
      expect(await ids('failed')).toEqual([]);
      expect(await queue.stats()).toEqual(await queue.recount());
    });

    test('deletes what was cancelled like everything else that has failed', async () => {
      const { change, run } = await filled();
      await run('cancel', { status: 'queued' }, 2);
      expect(await change.count('delete', { status: 'failed' })).toEqual({
        matched: 4,
        byReason: { error: 1, timeout: 1, cancelled: 2 },
        cancelledLeftOut: 0,
      });
      expect(await change.count('delete', {})).toEqual({ matched: 6, byReason: null, cancelledLeftOut: 0 });
    });

    test('cancels each as if it had been asked for alone', async () => {
      const { queue, run } = await filled();
      await queue.tasks.cancel(7);
      const alone = await queue.find(7);
      const revision = await queue.changes.horizon();
      await run('cancel', {}, 4);
      expect(await queue.find(8)).toEqual({
        ...alone,
        id: 8,
        type: 'fax',
        idempotencyKey: 'key 8',
        createdAt: expect.any(Number),
        runAfter: expect.any(Number),
        revision: expect.any(Number),
      });
      expect(await queue.log(8)).toEqual(await queue.log(7));
      expect(await queue.log(5)).toEqual(['info Claimed by worker-a', 'warning Cancelled by user']);
      const page = await readChanges(queue.changes, { after: revision, limit: 100 });
      expect(page.tasks.map(({ id }) => id)).toEqual([5, 6, 8]);
      expect(await queue.claim({ limit: 10 })).toEqual([]);
    });

    test('retries each as if it had been asked for alone', async () => {
      const { queue, run } = await filled();
      await run('retry', {}, 2);
      expect(await queue.find(4)).toMatchObject({ status: 'queued', attempts: 0, failureReason: null });
      expect((await queue.log(4)).at(-1)).toBe('info Queued again by user');
      expect(await queue.claimedIds({ limit: 10 })).toEqual([3, 4, 7, 8]);
    });

    test('deletes tasks with their logs, frees their keys, and never gives an id again', async () => {
      const { queue, run, ids } = await filled();
      await queue.tasks.cancel(8);
      await run('delete', {}, 5);
      expect(await ids()).toEqual([5, 6, 7]);
      const { logs } = queue.storage.repositories;
      await expect(logs.list({ taskId: 8, limit: 10 })).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
      expect(await queue.enqueue({ idempotencyKey: 'key 8' })).toBe(9);
    });

    test('changes nothing when more match than were expected', async () => {
      const { queue, run } = await filled();
      const before = await queue.changes.horizon();
      await expect(run('cancel', {}, 3)).rejects.toMatchObject({
        code: 'COUNT_CHANGED',
        message: '4 tasks match, more than the 3 that were expected: nothing was changed',
      });
      expect(await queue.changes.horizon()).toBe(before);
    });

    test('never meets more than were expected, nor what came after the count', async () => {
      const { queue, bulk, ids } = await filled();
      let counted = 0;
      const late: BulkRepository = {
        newestId: () => bulk.newestId(),
        countBatch: async (...args) => {
          const found = await bulk.countBatch(...args);
          counted += found.matched;
          await queue.enqueue();
          return found;
        },
        applyBatch: (step) => bulk.applyBatch(step),
      };
      const outcome = await new BulkChange(late).run({ action: 'cancel', filter: {}, expected: 4 });
      expect([counted, outcome]).toEqual([
        4,
        { preview: expect.objectContaining({ matched: 4 }), done: 4, cursor: null },
      ]);
      expect(await ids('queued')).toEqual([9]);
    });

    test('ends early when it is told to, and goes on from its cursor without meeting anything twice', async () => {
      const queue = new QueueUnderTest(open);
      const { bulk } = queue.storage.repositories;
      for (let count = 0; count < 450; count++) await queue.enqueue();
      const ending = new AbortController();
      const change = new BulkChange(bulk);
      const first = await change.run(
        { action: 'cancel', filter: {}, expected: 450 },
        { signal: ending.signal, onProgress: () => ending.abort() },
      );
      expect(first).toMatchObject({ preview: { matched: 450 }, done: 50, cursor: '50.450' });
      await queue.tasks.retry(1);
      const cursor = first.cursor as string;
      expect(await change.run({ action: 'cancel', filter: {}, expected: 400, cursor })).toEqual({
        preview: null,
        done: 400,
        cursor: null,
      });
      expect((await queue.find(1)).status).toBe('queued');
    });

    test('a refusal in the midst says how far it has come; at the beginning it is one', async () => {
      const queue = new QueueUnderTest(open);
      const { bulk } = queue.storage.repositories;
      for (let count = 0; count < 51; count++) await queue.enqueue();
      let steps = 0;
      const refusing = (after: number): BulkRepository => ({
        newestId: () => bulk.newestId(),
        countBatch: (...args) => bulk.countBatch(...args),
        applyBatch: (step) =>
          steps++ < after ? bulk.applyBatch(step) : Promise.reject(new SpooliteError('STORAGE_BUSY', 'busy')),
      });
      const command = { action: 'cancel', filter: {}, expected: 51 } as const;
      expect(await new BulkChange(refusing(1)).run(command)).toEqual({
        preview: { matched: 51, byReason: null, cancelledLeftOut: 0 },
        done: 50,
        cursor: '50.51',
        error: 'busy',
      });
      const refused = new BulkChange(refusing(0)).run({ ...command, expected: 1, cursor: '50.51' });
      await expect(refused).rejects.toMatchObject({ code: 'STORAGE_BUSY' });
    });

    test('a cursor of another make is refused', async () => {
      const change = new BulkChange(new QueueUnderTest(open).storage.repositories.bulk);
      const command = { action: 'cancel', filter: {}, expected: 1, cursor: 'x' } as const;
      await expect(change.run(command)).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
    });
  });
}

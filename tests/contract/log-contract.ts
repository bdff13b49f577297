import { describe, expect, test } from '@jest/globals';
import { LOG_LEVELS } from '../../src/core/task-log.js';
import type { LogEntry } from '../../src/repositories/log-repository.js';
import { failure, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';

const entry = (level: LogEntry['level'], message: string, details: string | null = null): LogEntry => ({
  level,
  message,
  details,
});

export function describeLogs(open: OpenStorage): void {
  describe('log of a task', () => {
    test('tells its transitions, with the attempt they belong to', async () => {
      const queue = new QueueUnderTest(open);
      const id = await queue.enqueue({ maxAttempts: 2 });
      await queue.leases.release(await queue.claimOne());
      await queue.leases.fail(await queue.claimOne({ workerId: 'worker-b' }), failure());
      await queue.leases.fail(await queue.claimOne(), failure({ errorMessage: 'still none' }));
      await queue.tasks.retry(id);
      await queue.leases.complete(await queue.claimOne(), null);
      await queue.tasks.retry(id);
      await queue.tasks.cancel(id);
      const entries = (await queue.storage.repositories.logs.list({ taskId: id, limit: 100 })).entries;
      expect(entries.map(({ attempt, level, message }) => `${attempt} ${level}: ${message}`)).toEqual([
        '1 info: Claimed by worker-a',
        '1 info: Released by its worker',
        '1 info: Claimed by worker-b',
        '1 warning: Will be retried: no route to host',
        '2 info: Claimed by worker-a',
        '2 error: Failed: still none',
        '0 info: Queued again by user',
        '1 info: Claimed by worker-a',
        '1 info: Completed',
        '0 info: Queued again by user',
        '0 warning: Cancelled by user',
      ]);
    });

    test('keeps what a handler logs, under its attempt and instant', async () => {
      const queue = new QueueUnderTest(open);
      await queue.enqueue();
      const task = await queue.claimOne();
      const { logs } = queue.storage.repositories;
      queue.clock.advance(10);
      await logs.append(task, [entry('debug', 'öffnet', '{"a":[1]}'), entry('error', '')]);
      const [, ...logged] = (await logs.list({ taskId: task.id, limit: 10 })).entries;
      expect(logged).toEqual([
        {
          ...entry('debug', 'öffnet', '{"a":[1]}'),
          id: expect.any(Number),
          taskId: task.id,
          at: queue.clock.now(),
          attempt: 1,
        },
        {
          ...entry('error', ''),
          id: expect.any(Number),
          taskId: task.id,
          at: queue.clock.now(),
          attempt: 1,
        },
      ]);
    });

    test('keeps how an attempt began and ended when the task is queued again', async () => {
      const queue = new QueueUnderTest(open);
      const id = await queue.enqueue();
      await queue.leases.release(await queue.claimOne());
      await queue.leases.fail(await queue.claimOne({ workerId: 'worker-b' }), failure());
      queue.clock.advance(5);
      await queue.leases.complete(await queue.claimOne(), null);
      const before = (await queue.storage.repositories.logs.list({ taskId: id, limit: 20 })).entries;
      await queue.tasks.retry(id);
      const cancelledAttempt = await queue.claimOne();
      const begun = (await queue.storage.repositories.logs.list({ taskId: id, limit: 20 })).entries;
      await queue.tasks.cancel(id);
      const entries = (await queue.storage.repositories.logs.list({ taskId: id, limit: 20 })).entries;

      expect(entries.map(({ message, attempt }) => [message, attempt])).toEqual([
        ['Claimed by worker-a', 1],
        ['Released by its worker', 1],
        ['Claimed by worker-b', 1],
        ['Will be retried: no route to host', 1],
        ['Claimed by worker-a', 2],
        ['Completed', 2],
        ['Queued again by user', 0],
        ['Claimed by worker-a', 1],
        ['Cancelled by user', 1],
      ]);
      expect(entries.slice(0, 6)).toEqual(before);
      expect(entries.slice(0, 8)).toEqual(begun);
      const ids = entries.map((entry) => entry.id);
      expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
      expect(begun.at(-1)?.id).toBe(cancelledAttempt.revision);
    });

    test('can be read by level and in pages, oldest first', async () => {
      const queue = new QueueUnderTest(open);
      await queue.enqueue();
      const task = await queue.claimOne();
      await queue.enqueue();
      const other = await queue.claimOne();
      const { logs } = queue.storage.repositories;
      for (let round = 0; round < 3; round++) {
        await logs.append(
          task,
          LOG_LEVELS.map((level) => entry(level, `${level} ${round}`)),
        );
        await logs.append(other, [entry('info', 'of another task')]);
      }
      const all = (await logs.list({ taskId: task.id, limit: 100 })).entries;
      expect(all).toHaveLength(13);
      expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).sort((a, b) => a - b));
      for (const level of [undefined, ...LOG_LEVELS]) {
        const expected = all.filter((logged) => !level || logged.level === level);
        const query = { taskId: task.id, ...(level && { level }) };
        expect((await logs.list({ ...query, limit: 100 })).entries).toEqual(expected);
        const pages = [];
        for (let afterId = 0; ; ) {
          const page = (await logs.list({ ...query, limit: 2, afterId })).entries;
          if (page.length === 0) break;
          pages.push(...page);
          afterId = page.at(-1)?.id as number;
        }
        expect(pages).toEqual(expected);
      }
    });

    test('a task without history has an empty one', async () => {
      const queue = new QueueUnderTest(open);
      expect(await queue.log(await queue.enqueue())).toEqual([]);
    });
  });
}

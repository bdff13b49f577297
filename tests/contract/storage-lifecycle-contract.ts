import { describe, expect, test } from '@jest/globals';
import { newTask, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';

export function describeLifecycle(open: OpenStorage): void {
  describe('storage', () => {
    test('tells whoever listens of commits, until they stop listening', async () => {
      const queue = new QueueUnderTest(open);
      const told = (): Promise<() => void> =>
        new Promise((resolve) => {
          const end = queue.storage.onCommit(() => resolve(end));
        });
      const first = told();
      const second = told();
      await queue.enqueue();
      const end = await first;
      (await second)();
      end();
      let calls = 0;
      queue.storage.onCommit(() => calls++)();
      const other = told();
      await queue.enqueue();
      (await other)();
      expect(calls).toBe(0);
    });

    test('is ready', async () => {
      const queue = new QueueUnderTest(open);
      expect(await queue.storage.check()).toEqual({ database: 'ok', writer: 'ok' });
    });

    test('closing stores what was asked for before', async () => {
      const queue = new QueueUnderTest(open);
      const enqueued = Promise.all(Array.from({ length: 10 }, () => queue.enqueue()));
      await queue.storage.close();
      expect(await enqueued).toHaveLength(10);
    });

    test('closing twice is closing once; writing to what is closed is refused', async () => {
      const queue = new QueueUnderTest(open);
      await Promise.all([queue.storage.close(), queue.storage.close()]);
      await queue.storage.close();
      const refused = { code: 'NOT_READY', message: 'The storage is closed' };
      await expect(queue.tasks.enqueue(newTask())).rejects.toMatchObject(refused);
    });
  });
}

import { expect, test } from '@jest/globals';
import { Pruner } from '../../src/maintenance/pruner.js';
import { newPruner, pruneAll, steppedQueue } from '../support/test-queue.js';

const DAY_MS = 86_400_000;

async function finished(count: number) {
  const { queue, clock } = steppedQueue();
  const { tasks, retention } = queue.storage.repositories;
  for (let id = 1; id <= count; id++) {
    await queue.enqueue({ type: id % 2 === 0 ? 'kept' : 'work' });
    await tasks.cancel(id);
  }
  clock.advance(10_000);
  return { queue, clock, tasks, retention };
}

test('a round ends, whatever is kept, and the next look finds what is old by then', async () => {
  const { tasks, retention, queue, clock } = await finished(450);
  const pruner = newPruner(retention, { failedMs: 5_000, types: { kept: { failedMs: null } } });
  // 100 at a time: five steps for 450 tasks, and a whole round after them.
  expect(await pruneAll(pruner)).toBe(6);
  expect((await tasks.listIds({}, 1_000)).ids).toHaveLength(225);
  await queue.enqueue();
  await tasks.cancel(451);
  expect(await pruneAll(pruner)).toBe(1);
  expect((await tasks.listIds({}, 1)).ids).toEqual([451]);
  clock.advance(10_000);
  expect(await pruneAll(pruner)).toBe(1);
  expect((await tasks.listIds({}, 1_000)).ids).toHaveLength(225);
});

test('what was left behind is looked at again a day later', async () => {
  const { tasks, retention, queue, clock } = await finished(4);
  let now = 0;
  const pruner = newPruner(retention, { failedMs: 5_000, types: { kept: { failedMs: null } } }, () => now);
  await pruneAll(pruner);
  expect((await tasks.listIds({}, 10)).ids).toEqual([4, 2]);
  // It ends while the clock is set back, before what the walk has come to.
  clock.advance(-3_600_000);
  await queue.enqueue();
  await tasks.cancel(5);
  clock.advance(3_600_000);
  await pruneAll(pruner);
  expect((await tasks.listIds({}, 10)).ids).toEqual([5, 4, 2]);
  now = DAY_MS;
  await pruneAll(pruner);
  await pruneAll(pruner);
  expect((await tasks.listIds({}, 10)).ids).toEqual([4, 2]);
});

test('a refusal of the storage is told, and tried again', async () => {
  const { queue } = steppedQueue();
  const storage = queue.openStorage();
  await storage.close();
  const kept = { completedMs: 0, failedMs: 0, logsMs: null, auditMs: null, types: {} };
  const pruner = new Pruner(storage.repositories.retention, kept, queue.logger);
  expect(await pruner.tick()).toBe(60_000);
  expect(queue.logger.messages).toEqual(['pruning failed, retrying']);
});

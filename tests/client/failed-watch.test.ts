import { getEventListeners } from 'node:events';
import { expect, test } from '@jest/globals';
import { systemClock } from '../../src/index.js';
import { Queue } from '../../src/queue/queue.js';
import { onTestEnd } from '../support/cleanup.js';
import { counted } from '../support/polling-server.js';
import { newTask } from '../support/queue-under-test.js';
import { openInMemory } from '../support/sqlite.js';

test('a watch that cannot begin leaves nothing behind', async () => {
  const storage = openInMemory(systemClock);
  onTestEnd(() => storage.close());
  let isBroken = true;
  const changes = counted(storage.repositories.changes, {}, async () => {
    if (isBroken) throw new Error('disk I/O error');
  });
  const { onCommit, repositories } = storage;
  const queue = new Queue({ repositories: { ...repositories, changes }, onCommit }, systemClock);
  const { id } = await repositories.tasks.enqueue(newTask());
  const { signal } = new AbortController();
  await expect(queue.watch(id, { signal }).next()).rejects.toThrow('disk I/O error');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  isBroken = false;
  const states = queue.watch(id, { signal });
  expect((await states.next()).value).toMatchObject({ taskId: id });
  await states.return(undefined);
});

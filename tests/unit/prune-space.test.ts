import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { ManualClock } from '../../src/core/clock.js';
import { scratchFolder } from '../support/cleanup.js';
import { newTask, QueueUnderTest } from '../support/queue-under-test.js';
import { openOnFile } from '../support/sqlite.js';
import { newPruner, pruneAll } from '../support/test-queue.js';

test('the file shrinks when tasks are pruned', async () => {
  const file = join(scratchFolder(), 'queue.db');
  const queue = new QueueUnderTest((clock) => openOnFile(clock, file));
  const payload = { text: 'x'.repeat(4_000) };
  await queue.tasks.enqueueMany(Array.from({ length: 1_000 }, () => newTask({ payload })));
  const { ids } = await queue.tasks.listIds({}, 1_000);
  await Promise.all(ids.map((id) => queue.tasks.cancel(id)));
  const { retention } = queue.storage.repositories;
  await pruneAll(newPruner(retention, { completedMs: 0, failedMs: 0 }));
  await queue.storage.close();
  const client = new Database(file);
  const pages = (name: string) => Number(client.pragma(name, { simple: true }));
  expect(pages('freelist_count')).toBeLessThan(100);
  expect(pages('page_count')).toBeLessThan(300);
  client.close();
  expect(statSync(file).size).toBeLessThan(1_500_000);
  await openOnFile(new ManualClock(), file).close();
});

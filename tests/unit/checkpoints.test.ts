import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ManualClock } from '../../src/core/clock.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { newTask } from '../support/queue-under-test.js';
import { openOnFile } from '../support/sqlite.js';

const MB = 1024 * 1024;

test.each([
  ['many small ones', 1_500, 1],
  ['some large ones', 40, 1_000],
])('the write-ahead log stays small whatever the commits: %s', async (_, commits, tasks) => {
  const file = join(scratchFolder(), 'queue.db');
  const storage = openOnFile(new ManualClock(), file);
  onTestEnd(() => storage.close());
  const batch = Array.from({ length: tasks }, () => newTask());
  for (let commit = 0; commit < commits; commit++) await storage.repositories.tasks.enqueueMany(batch);
  expect(statSync(`${file}-wal`).size).toBeLessThan(10 * MB);
  expect(statSync(file).size).toBeGreaterThan(MB / 4);
});

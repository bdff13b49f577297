import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { auditDatabase } from '../../src/admin/file-tools.js';
import { ManualClock } from '../../src/core/clock.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { newTask } from '../support/queue-under-test.js';
import { openOnFile } from '../support/sqlite.js';

test('an audit leaves the write-ahead log of a process that was killed where it is', async () => {
  const folder = scratchFolder();
  const storage = openOnFile(new ManualClock(), join(folder, 'queue.db'));
  onTestEnd(() => storage.close());
  await storage.repositories.tasks.enqueue(newTask());
  // What a process leaves behind that has no time to close its files.
  const left = join(folder, 'left.db');
  for (const end of ['', '-wal']) copyFileSync(join(folder, `queue.db${end}`), left + end);
  const size = statSync(`${left}-wal`).size;
  expect(size).toBeGreaterThan(0);
  expect(auditDatabase(left)).toMatchObject({ damage: [], miscounts: [] });
  expect(statSync(`${left}-wal`).size).toBe(size);
});

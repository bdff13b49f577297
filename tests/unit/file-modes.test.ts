import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { backUpDatabase, diagnoseDatabase, restoreDatabase } from '../../src/admin/file-tools.js';
import { makePlannedBackup } from '../../src/admin/scheduled-backup.js';
import { openStorage } from '../../src/app/compose.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { newTask } from '../support/queue-under-test.js';
import { memoryLogger } from '../support/telemetry.js';

/** A database in use, whatever this process lets others do with files that it makes. */
async function used() {
  const umask = process.umask(0);
  onTestEnd(() => void process.umask(umask));
  const database = join(scratchFolder(), 'queue.db');
  const storage = openStorage({ database });
  onTestEnd(() => storage.close());
  onTestEnd(storage.onCommit(() => undefined));
  await storage.repositories.tasks.enqueue(newTask());
  return { database, storage };
}

/** Files of a folder that others may do something with. */
const openIn = (folder: string): string[] =>
  readdirSync(folder).filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0);

const BY = { name: 'test', address: null, requestId: null };

test('the files of a database are closed to other users', async () => {
  const { database } = await used();
  for (const end of ['', '-wal', '-shm', '-wake']) expect(existsSync(database + end)).toBe(true);
  expect(openIn(dirname(database))).toEqual([]);
});

test('so are its copies, even those of a database that is not', async () => {
  const { database, storage } = await used();
  chmodSync(database, 0o644);
  const folder = scratchFolder();
  backUpDatabase({ database, file: join(folder, 'copy.db') });
  makePlannedBackup({ database, plan: { folder, intervalHours: 1, keep: 1 }, now: Date.now() });
  const restored = join(scratchFolder(), 'restored.db');
  restoreDatabase({ backup: join(folder, 'copy.db'), database: restored, actor: BY });
  await storage.close();
  expect(openIn(folder)).toEqual([]);
  expect(openIn(dirname(restored))).toEqual([]);
});

test('a database that is open to others is told of at the start and by the doctor', async () => {
  const { database, storage } = await used();
  await storage.close();
  chmodSync(database, 0o644);
  const logger = memoryLogger();
  const again = openStorage({ database, logger });
  onTestEnd(() => again.close());
  expect(logger.messages.filter((message) => /other users of this machine/.test(message))).toHaveLength(1);
  const finding = diagnoseDatabase(database).find(({ check }) => check === 'permissions');
  expect(finding).toMatchObject({
    level: 'warning',
    message: expect.stringContaining('the file is open to other users'),
  });
});

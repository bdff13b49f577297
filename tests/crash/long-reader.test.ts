import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { diagnoseDatabase } from '../../src/admin/file-tools.js';
import { ManualClock } from '../../src/core/clock.js';
import { WalMonitor } from '../../src/maintenance/wal-monitor.js';
import type { Storage, StorageFile } from '../../src/repositories/storage.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { describeWhere } from '../support/processes.js';
import { Program } from '../support/program.js';
import { newTask } from '../support/queue-under-test.js';
import { openOnFile } from '../support/sqlite.js';
import { memoryLogger } from '../support/telemetry.js';

const READER = fileURLToPath(new URL('../support/reading-process.mjs', import.meta.url));
const MB = 1_000_000;

function opened() {
  const file = join(scratchFolder(), 'queue.db');
  const storage = openOnFile(new ManualClock(), file);
  onTestEnd(() => storage.close());
  return { file, storage, onFile: storage.file as StorageFile };
}

async function startReader(file: string, mode: 'once' | 'always'): Promise<Program> {
  const reader = new Program(process.execPath, [READER, file, mode]);
  await reader.says(/reading/);
  return reader;
}

/** Writes about so many megabytes, 4 at a time. */
async function write(storage: Storage, megabytes: number): Promise<void> {
  const payload = { text: 'x'.repeat(20_000) };
  const batch = Array.from({ length: 200 }, () => newTask({ payload }));
  for (let written = 0; written < megabytes; written += 4)
    await storage.repositories.tasks.enqueueMany(batch);
}

const logLine = (file: string) => diagnoseDatabase(file).find(({ check }) => check === 'log');

// Only Linux tells who holds which lock.
const tellsLocks = spawnSync('test', ['-r', '/proc/locks']).status === 0;

describeWhere(tellsLocks, '/proc/locks', 'a reader that does not end', () => {
  test('is named where it holds the write-ahead log back, until it has ended', async () => {
    const { file, storage, onFile } = opened();
    const reader = await startReader(file, 'once');
    const logger = memoryLogger();
    const watch = new WalMonitor(onFile, logger);
    await write(storage, 4);
    await watch.tick();
    expect(logger.messages).toEqual([]);
    await write(storage, 60);
    const held = await onFile.checkpointStarved(50 * MB);
    const name = `node reading-process.mjs (process ${reader.pid})`;
    expect(held).toEqual({ bytes: expect.any(Number), readers: [name] });
    await watch.tick();
    await watch.tick();
    const said = `MB of the write-ahead log cannot be put into the database: held back by ${name}`;
    expect(logger.messages).toEqual([expect.stringMatching(/^\d\d /)]);
    expect(logger.messages[0]).toContain(said);
    expect(logLine(file)).toMatchObject({
      level: 'warning',
      message: expect.stringContaining(`held back by ${name}, which has been reading for a long time`),
    });

    await reader.kill();
    await write(storage, 12);
    expect(await onFile.checkpointStarved(50 * MB)).toBeNull();
    await watch.tick();
    expect(logger.messages.slice(1)).toEqual(['the write-ahead log is no longer held back']);
    expect(logLine(file)).toMatchObject({ level: 'ok' });
  });
});

test('readers without a gap between them do not let the log grow', async () => {
  const { file, storage } = opened();
  await startReader(file, 'always');
  const task = newTask({ payload: { text: 'x'.repeat(40_000) } });
  let largest = 0;
  // One after the other, so close to each other that no reader begins while all of the log is in the database.
  for (let written = 0; written < 4_000; written++) {
    await storage.repositories.tasks.enqueue(task);
    largest = Math.max(largest, statSync(`${file}-wal`).size);
  }
  expect(largest).toBeLessThan(60 * MB);
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openSqliteStorage } from '../../src/app/open-sqlite-storage.js';
import { systemClock } from '../../src/core/clock.js';
import type { Storage } from '../../src/repositories/storage.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { Child } from '../support/processes.js';
import { newTask, seededRandom } from '../support/queue-under-test.js';
import { eventually } from '../support/waiting.js';

const WORKERS = 4;
const ENQUEUERS = 2;
const TASKS = 10_000;

function openQueue(): { file: string; folder: string; storage: Storage } {
  const folder = scratchFolder();
  const file = join(folder, 'queue.db');
  const storage = openSqliteStorage({ file, durability: 'full', clock: systemClock, random: Math.random });
  onTestEnd(() => storage.close());
  return { file, folder, storage };
}

const idsIn = (record: string): number[] =>
  existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n').map(Number) : [];

const allCompleted = ({ repositories }: Storage, count: number) =>
  eventually(async () => (await repositories.stats.overview()).completed === count, 80_000);

test('4 worker processes and 2 that enqueue, 10,000 tasks: each runs once, and nobody hears of a lock', async () => {
  const { file, folder, storage } = openQueue();
  const records = Array.from({ length: WORKERS }, (_, at) => join(folder, `worker-${at}.txt`));
  const workers = records.map((record) => new Child('counting-worker-process.mjs', [file, record, '10']));
  const enqueuers = Array.from({ length: ENQUEUERS }, () => new Child('enqueue-process.mjs', [file]));
  await Promise.all([...workers, ...enqueuers].map((child) => child.next()));

  const count = TASKS / ENQUEUERS;
  const enqueued = await Promise.all(enqueuers.map((child) => child.ask({ count })));
  expect(enqueued).toEqual(enqueuers.map(() => ({ enqueued: count, errors: [] })));
  await allCompleted(storage, TASKS);

  const stopped = await Promise.all(workers.map((child) => child.ask({ stop: true })));
  expect(stopped).toEqual(workers.map(() => ({ complaints: [] })));
  const ran = records.map(idsIn);
  for (const ids of ran) expect(ids.length).toBeGreaterThan(0);
  const inOrder = ran.flat().sort((a, b) => a - b);
  expect(inOrder).toEqual(Array.from({ length: TASKS }, (_, at) => at + 1));
  expect(await storage.repositories.stats.overview()).toMatchObject({
    queued: 0,
    processing: 0,
    completed: TASKS,
    failed: 0,
  });
}, 90_000);

test('one worker runs tasks by priority, then by id', async () => {
  const { file, folder, storage } = openQueue();
  const random = seededRandom(3);
  const wishes = Array.from({ length: 400 }, () => ({
    type: 'count',
    priority: [1, 5, 5, 100, 1000][Math.floor(random() * 5)] as number,
  }));
  const enqueued = await storage.repositories.tasks.enqueueMany(wishes.map(newTask));
  const record = join(folder, 'worker.txt');
  const worker = new Child('counting-worker-process.mjs', [file, record, '1']);
  await worker.next();
  await allCompleted(storage, wishes.length);
  expect(await worker.ask({ stop: true })).toEqual({ complaints: [] });
  const expected = enqueued
    .map(({ id }, at) => ({ id, priority: wishes[at]?.priority as number }))
    .sort((a, b) => a.priority - b.priority || a.id - b.id);
  expect(idsIn(record)).toEqual(expected.map(({ id }) => id));
}, 90_000);

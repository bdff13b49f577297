import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { type Program, startServer, startWorker } from '../support/program.js';
import { scratchFolder } from '../support/scratch-folder.js';

const idsIn = (record: string): number[] => readFileSync(record, 'ascii').trim().split('\n').map(Number);

/** Enqueues `count` tasks one by one, over so many connections at once. */
async function enqueueOneByOne(client: Client, count: number, connections: number): Promise<number[]> {
  const ids: number[] = [];
  let left = count;
  const enqueueSome = async () => {
    while (left-- > 0) ids.push(await client.enqueue('record', { priority: 1 + (left % 5) }));
  };
  await Promise.all(Array.from({ length: connections }, enqueueSome));
  return ids;
}

/** Nobody was told, and nobody logged, that the database was locked. */
const expectNoLockTrouble = (programs: readonly Program[]) => {
  for (const { output } of programs) expect(output).not.toMatch(/locked|SQLITE_BUSY|STORAGE_BUSY/);
};

test('four worker processes run 10,000 tasks of two servers once each, and nobody sees a lock', async () => {
  const folder = scratchFolder();
  const file = join(folder, 'queue.db');
  const first = await startServer(file);
  const second = await startServer(file);
  const records = Array.from({ length: 4 }, (_, at) => join(folder, `worker-${at}`));
  const workers = await Promise.all(records.map((RECORD_FILE) => startWorker(file, [], { RECORD_FILE })));

  const [some, others] = await Promise.all([
    enqueueOneByOne(new Client(first.url), 5_000, 8),
    enqueueOneByOne(new Client(second.url), 5_000, 8),
  ]);
  await eventually(async () => (await new Client(first.url).stats()).completed_tasks === 10_000, 100_000);

  const byId = (a: number, b: number) => a - b;
  expect(records.flatMap(idsIn).sort(byId)).toEqual([...some, ...others].sort(byId));
  const database = new Database(file, { readonly: true });
  expect(database.prepare('select distinct attempts from tasks').pluck().all()).toEqual([1]);
  database.close();
  expectNoLockTrouble([first.program, second.program, ...workers]);
}, 240_000);

test('one worker with one slot runs tasks by priority, then by id', async () => {
  const folder = scratchFolder();
  const file = join(folder, 'queue.db');
  const { url } = await startServer(file);
  const client = new Client(url);
  const priorities = Array.from({ length: 300 }, (_, at) => 1 + ((at * 7) % 10));
  const ids = await client.enqueueMany(priorities.map((priority) => ({ type: 'record', priority })));
  const record = join(folder, 'record');
  await startWorker(file, ['--concurrency', '1'], { RECORD_FILE: record });
  await eventually(async () => (await client.stats()).completed_tasks === ids.length);

  const expected = ids
    .map((id, at) => ({ id, priority: priorities[at] as number }))
    .sort((a, b) => a.priority - b.priority || a.id - b.id);
  expect(idsIn(record)).toEqual(expected.map(({ id }) => id));
});

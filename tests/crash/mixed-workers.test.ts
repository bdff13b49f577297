import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { startPythonWorker } from '../support/processes.js';
import { startServer, startWorker } from '../support/program.js';
import { eventually } from '../support/waiting.js';

const TASKS = 5_000;
const BATCH = 1_000;

test('a worker in Python and two in TypeScript drain a queue together, and run each task once', async () => {
  const folder = scratchFolder();
  const file = join(folder, 'queue.db');
  const { url } = await startServer(file);
  const client = new Client(url);
  const records = ['python', 'first', 'second'].map((name) => join(folder, name));
  const environments = records.map((RECORD_FILE) => ({ RECORD_FILE }));
  await Promise.all([
    startPythonWorker(url, { concurrency: 10, env: environments[0] as NodeJS.ProcessEnv }),
    startWorker(file, [], environments[1]),
    startWorker(file, [], environments[2]),
  ]);

  const ids: number[] = [];
  while (ids.length < TASKS) {
    ids.push(...(await client.enqueueMany(Array.from({ length: BATCH }, () => ({ type: 'record' })))));
  }
  await eventually(async () => (await client.stats()).completed_tasks === TASKS, 60_000);

  const ranBy = records.map((record) => readFileSync(record, 'ascii').trim().split('\n').map(Number));
  for (const ran of ranBy) expect(ran.length).toBeGreaterThan(0);
  expect(ranBy.flat().sort((a, b) => a - b)).toEqual(ids);
  const database = new Database(file, { readonly: true });
  expect(database.prepare('select distinct attempts from tasks').pluck().all()).toEqual([1]);
  database.close();
}, 120_000);

import { copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { startServer, startWorker } from '../support/program.js';
import { eventually } from '../support/waiting.js';

const SENTENCE =
  'The database file was deleted or replaced while the program ran; put it back and restart the program';

async function serverWithOneTask() {
  const file = join(scratchFolder(), 'queue.db');
  const { program, url } = await startServer(file);
  const client = new Client(url);
  const id = await client.enqueue('before');
  return { file, program, client, id };
}

/** Asserts that the server takes no write, says why, and goes on answering reads. */
async function expectReadsOnly(client: Client, id: number): Promise<void> {
  const unready = await client.get('/ready');
  expect(unready).toMatchObject({ status: 503, body: { error_code: 'NOT_READY' } });
  expect(unready.body.checks.database).toBe(SENTENCE);
  for (const path of ['enqueue', 'enqueue', `tasks/${id}/cancel`]) {
    const body = path === 'enqueue' ? { type: 'after' } : {};
    const refused = await client.post(`/queue/${path}`, body);
    expect(refused).toMatchObject({ status: 503, body: { error_code: 'NOT_READY', detail: SENTENCE } });
  }
  expect((await client.task(id)).status).toBe('queued');
  expect(await client.stats()).toMatchObject({ total_tasks: 1 });
  expect((await client.get('/health')).status).toBe(200);
}

test('when the file is moved away nothing more is acknowledged, and moving it back mends that', async () => {
  const { file, program, client, id } = await serverWithOneTask();

  renameSync(file, `${file}.away`);
  await expectReadsOnly(client, id);
  renameSync(`${file}.away`, file);

  expect((await client.get('/ready')).status).toBe(200);
  const second = await client.enqueue('back');
  await program.kill();
  const database = new Database(file);
  expect(database.prepare('select id from tasks').pluck().all()).toEqual([id, second]);
  database.close();
});

test('a task that ends while the file is away is settled when it is back', async () => {
  const { file, client } = await serverWithOneTask();
  const worker = await startWorker(file);
  const until = `${file}.until`;
  const id = await client.enqueue('wait', { payload: { until } });
  await eventually(async () => (await client.task(id)).status === 'processing');

  renameSync(file, `${file}.away`);
  writeFileSync(until, '');
  await worker.says(/storing failed, retrying/);
  renameSync(`${file}.away`, file);

  await eventually(async () => (await client.task(id)).done);
  expect(await client.task(id)).toMatchObject({ status: 'completed', attempts: 1 });
});

test('a file that was replaced by another is not the one that was opened', async () => {
  const { file, client, id } = await serverWithOneTask();
  copyFileSync(file, `${file}.copy`);
  renameSync(`${file}.copy`, file);
  await expectReadsOnly(client, id);
});

test('without its write-ahead log the file has not what was acknowledged', async () => {
  const { file, client, id } = await serverWithOneTask();
  rmSync(`${file}-wal`);
  await expectReadsOnly(client, id);
});

test('when the whole folder is gone, reads and long polls are still answered', async () => {
  const { file, program, client, id } = await serverWithOneTask();
  rmSync(dirname(file), { recursive: true });
  await expectReadsOnly(client, id);
  expect(await client.claim({ types: ['nothing'], wait: 0.1 })).toEqual([]);
  program.signal('SIGTERM');
  expect(await program.exited).toEqual({ code: 0, signal: null });
});

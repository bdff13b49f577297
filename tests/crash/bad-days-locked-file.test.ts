import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { type Answer, Client } from '../support/client.js';
import { startServer } from '../support/program.js';
import { lockFile } from '../support/sqlite.js';
import { eventually } from '../support/waiting.js';

async function serverWithOneTask() {
  const file = join(scratchFolder(), 'queue.db');
  const client = new Client((await startServer(file)).url);
  return { file, client, id: await client.enqueue('before') };
}

/** Asks again and again, so that a request is under way at every moment, until `over`; returns how often. */
async function pollUntil(over: Promise<unknown>, poll: () => Promise<Answer>): Promise<number> {
  let isOver = false;
  void over.then(() => {
    isOver = true;
  });
  let count = 0;
  for (; !isOver; count++) expect((await poll()).status).toBe(200);
  return count;
}

test('enqueues outlast a lock that another process holds for 3 s, and polls do not notice it', async () => {
  const { file, client, id } = await serverWithOneTask();
  const unlock = lockFile(file);
  let answered = 0;
  const enqueues = Array.from({ length: 50 }, async () => {
    const answer = await client.post('/queue/enqueue', { type: 'waited' });
    answered++;
    return answer;
  });

  const polls = await pollUntil(delay(3_000), () => client.get(`/queue/tasks/${id}`));
  expect(answered).toBe(0);
  // Each was answered before the next was asked: had one waited for the lock, there would be none after it.
  expect(polls).toBeGreaterThan(10);
  expect((await client.get('/ready')).status).toBe(200);

  unlock();
  for (const { status } of await Promise.all(enqueues)) expect(status).toBe(201);
  expect(await client.stats()).toMatchObject({ total_tasks: 51, queued_tasks: 51 });
});

test('a lock held past the deadline is a clear 503, and what was refused is never stored', async () => {
  const { file, client, id } = await serverWithOneTask();
  const unlock = lockFile(file);
  const writes = ['enqueue', 'enqueue', 'claims', `tasks/${id}/cancel`].map((path) =>
    client.post(`/queue/${path}`, {
      ...(path === 'enqueue' && { type: 'refused' }),
      ...(path === 'claims' && { worker_id: 'refused' }),
    }),
  );

  for (const { status, headers, body } of await Promise.all(writes)) {
    expect({ status, code: body.error_code }).toEqual({ status: 503, code: 'STORAGE_BUSY' });
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  }
  const busy = 'The storage is busy; try again in a moment';
  expect((await client.get('/ready')).body.checks).toEqual({ database: 'ok', writer: busy });

  unlock();
  await eventually(async () => (await client.get('/ready')).status === 200);
  const next = await client.enqueue('after');
  expect(next).toBe(id + 1);
  expect(await client.list()).toMatchObject([
    { task_id: next, type: 'after' },
    { task_id: id, type: 'before', status: 'queued' },
  ]);
});

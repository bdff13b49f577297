import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { auditDatabase } from '../../src/admin/file-tools.js';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { startServer } from '../support/program.js';
import { eventually } from '../support/waiting.js';

const TASKS = 4_000;

/** Looks, a hundredth of a second apart, after which nothing is expected to happen any more. */
const STEADY = 50;

/** A server with many tasks, and a request to cancel them all that has begun to. */
async function cancelling() {
  const database = join(scratchFolder(), 'queue.db');
  const { program, url } = await startServer(database);
  const client = new Client(url);
  for (let count = 0; count < TASKS; count += 1000)
    await client.enqueueMany(Array.from({ length: 1000 }, () => ({ type: 'mail' })));
  const cut = new AbortController();
  const reply = fetch(`${url}/api/queue/bulk/cancel`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ filter: { all: true }, expected: TASKS }),
    signal: cut.signal,
  });
  const cancelled = async (): Promise<number> => (await client.stats()).failed_tasks;
  await eventually(async () => (await cancelled()) > 0);
  return { database, program, client, reply, cut, cancelled };
}

test('who hangs up ends it; what was done stays done', async () => {
  const { database, program, reply, cut, cancelled } = await cancelling();
  cut.abort();
  await expect(reply).rejects.toThrow('abort');
  let [before, steady] = [-1, 0];
  await eventually(async () => {
    const now = await cancelled();
    steady = now === before ? steady + 1 : 0;
    before = now;
    return steady >= STEADY;
  });
  expect(before).toBeLessThan(TASKS);
  expect(before % 50).toBe(0);
  await program.kill();
  expect(auditDatabase(database)).toMatchObject({ damage: [], miscounts: [] });
});

test('a server that stops says how far it has come, and another one goes on from there', async () => {
  const { database, program, reply } = await cancelling();
  program.signal('SIGTERM');
  const response = await reply;
  const { done, cursor, message } = (await response.json()) as {
    done: number;
    cursor: string;
    message: string;
  };
  expect([response.status, message]).toEqual([200, `${done} tasks cancelled; the server is stopping`]);
  expect(await program.exited).toMatchObject({ code: 0 });
  const { url } = await startServer(database);
  let left = TASKS - done;
  for (let next: string | null = cursor; next !== null; ) {
    const rest = await fetch(`${url}/api/queue/bulk/cancel`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ filter: { all: true }, expected: left, cursor: next }),
    });
    const answer = (await rest.json()) as { done: number; cursor: string | null };
    left -= answer.done;
    next = answer.cursor;
  }
  expect(left).toBe(0);
  expect((await new Client(url).stats()).failed_tasks).toBe(TASKS);
});

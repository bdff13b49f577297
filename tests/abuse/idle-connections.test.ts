import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { RawClient } from '../support/http-clients.js';
import { startServer } from '../support/program.js';

const CONNECTIONS = 10_000;
const AT_ONCE = 500;

/** Memory of a process in kilobytes. */
const residentSet = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

test('ten thousand connections that say nothing take little, and keep nobody from an answer', async () => {
  const { program, url } = await startServer(join(scratchFolder(), 'queue.db'), '--log-level', 'warn');
  const client = new Client(url);
  const port = Number(new URL(url).port);
  const id = await client.enqueue('mail');
  const before = residentSet(program.pid);
  const idle: RawClient[] = [];
  while (idle.length < CONNECTIONS) {
    const more = Array.from({ length: AT_ONCE }, () => RawClient.connect(port));
    idle.push(...(await Promise.all(more)));
    expect((await client.get(`/queue/tasks/${id}`)).status).toBe(200);
  }
  const open = idle.filter(({ closed }) => !closed);
  const perConnection = (residentSet(program.pid) - before) / CONNECTIONS;
  expect(open).toHaveLength(CONNECTIONS);
  expect(perConnection).toBeLessThan(20);
  // Work goes on, and so do waits.
  const wait = client.get(`/queue/tasks/${id}?wait=30`);
  await client.post(`/queue/tasks/${id}/cancel`);
  expect((await wait).body.status).toBe('failed');
});

import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { RawClient } from '../support/http-clients.js';
import { listening, MAIN, Program } from '../support/program.js';
import { get } from '../support/request-cases.js';

/** Megabytes of heap: what is stored would not fit into it, and neither would what is asked for. */
const HEAP = 128;

const TASKS = 40;
const payload = { text: 'x'.repeat(1_000_000) };

/** What asks for all of it, and comes from a key that may only read. */
const LARGE = [
  '/api/queue/events?cursor=0',
  '/api/queue/tasks?limit=1000',
  '/api/queue/changes?limit=1000',
  '/api/queue/tasks/1/events',
  '/api/queue/tasks/2',
];

const UNREAD = 50;

test('a server whose large answers nobody reads goes on, and answers those who do', async () => {
  const database = join(scratchFolder(), 'queue.db');
  const args = [`--max-old-space-size=${HEAP}`, MAIN, 'serve', '--database', database, '--port', '0'];
  const { program, url } = await listening(new Program(process.execPath, args));
  const client = new Client(url);
  for (let n = 0; n < TASKS; n += 5)
    await client.enqueueMany(Array.from({ length: 5 }, () => ({ type: 'large', payload })));

  // Those who read get all of it, each change once, however many of them there are.
  const readAll = async () => {
    const seen: number[] = [];
    for (let cursor = '0'; seen.length < TASKS; ) {
      const reply = await fetch(`${url}/api/queue/changes?limit=500&cursor=${cursor}`);
      // There is no room yet; it says when to try again.
      if (reply.status === 503) continue;
      const { changes, cursor: next } = (await reply.json()) as {
        changes: { task_id: number }[];
        cursor: string;
      };
      seen.push(...changes.map(({ task_id }) => task_id));
      cursor = next;
    }
    return seen;
  };
  const ids = Array.from({ length: TASKS }, (_, at) => at + 1);
  for (const seen of await Promise.all([readAll(), readAll()])) expect(seen).toEqual(ids);

  const port = Number(new URL(url).port);
  for (let n = 0; n < UNREAD; n++) {
    const unread = await RawClient.connect(port);
    unread.socket.pause().on('error', () => undefined);
    unread.write(get(LARGE[n % LARGE.length] as string));
  }
  // Room is made for those who read: some others are cut off.
  for (let n = 0; n < 5; n++) {
    expect((await client.get('/health')).status).toBe(200);
    await client.enqueue('small');
  }
  expect((await readAll()).slice(0, TASKS)).toEqual(ids);
  expect(program.isRunning).toBe(true);
}, 300_000);

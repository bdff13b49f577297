import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createApp } from '../../src/index.js';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { EventReader } from '../support/http-clients.js';
import { PollingServer } from '../support/polling-server.js';

const TASKS = 120;
const payload = { text: 'x'.repeat(200_000) };

describe('a client that does not read its events', () => {
  test('is not read for, and gets everything in order once it reads', async () => {
    const server = await PollingServer.start();
    const client = new Client(server.url);
    const events = new EventReader(`${server.url}/api/queue/events`);
    (await events.response).pause();
    for (let at = 0; at < TASKS; at += 20) {
      await client.enqueueMany(Array.from({ length: 20 }, () => ({ type: 'large', payload })));
    }
    const last = await client.enqueue('last');
    const { changes } = server.calls;
    /** Resolves to the number of looks once everybody has looked who would. */
    const looks = async () => {
      let before = -1;
      while (before !== changes.since) {
        before = changes.since ?? 0;
        await client.get('/health');
      }
      return before;
    };
    const whileBlocked = await looks();
    (await events.response).resume();
    const seen: number[] = [];
    while (seen.at(-1) !== last) seen.push((await events.next()).data.task_id);
    expect(seen).toEqual(Array.from({ length: TASKS + 1 }, (_, at) => at + 1));
    // Nothing was kept for it: it was read for when it could take more.
    expect(await looks()).toBeGreaterThan(whileBlocked);
    events.hangUp();
  });

  test('does not hold up a server that stops', async () => {
    const app = createApp({ database: join(scratchFolder(), 'queue.db') });
    const url = await app.start({ port: 0 });
    const client = new Client(url);
    const events = new EventReader(`${url}/api/queue/events`);
    const response = await events.response;
    response.pause();
    for (let batch = 0; batch < 10; batch++) {
      await client.enqueueMany(Array.from({ length: 20 }, () => ({ type: 'large', payload })));
    }
    await app.stop({ graceSeconds: 3600 });
    response.resume();
    await events.end();
  });
});

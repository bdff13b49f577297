import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { EventReader, PendingRequest } from '../support/http-clients.js';
import { PollingServer } from '../support/polling-server.js';
import { startServer } from '../support/program.js';
import { until } from '../support/waiting.js';

/** A server in this process and one in another, on one file. */
async function setUp() {
  const file = join(scratchFolder(), 'queue.db');
  const here = await PollingServer.start({ file });
  const there = new Client((await startServer(file)).url);
  return { here, there };
}

describe('a change made by another process', () => {
  test('is the answer to a poll that waits here', async () => {
    const { here, there } = await setUp();
    for (let round = 0; round < 20; round++) {
      const id = await there.enqueue('mail');
      const found = here.calls.tasks.find ?? 0;
      const poll = new PendingRequest(`${here.url}/api/queue/tasks/${id}?wait=60`);
      await until(() => (here.calls.tasks.find ?? 0) > found);
      await there.post(`/queue/tasks/${id}/cancel`);
      expect(JSON.parse((await poll.reply).text)).toMatchObject({ task_id: id, status: 'failed' });
    }
  });

  test('is in the feed that waits here', async () => {
    const { here, there } = await setUp();
    let cursor = '0';
    for (let round = 1; round <= 20; round++) {
      const looked = here.calls.changes.since ?? 0;
      const feed = new PendingRequest(`${here.url}/api/queue/changes?cursor=${cursor}&wait=60`);
      await until(() => (here.calls.changes.since ?? 0) >= looked + 2);
      await there.enqueue('mail');
      const page = JSON.parse((await feed.reply).text);
      expect(page.changes.map(({ task_id }: { task_id: number }) => task_id)).toEqual([round]);
      cursor = page.cursor;
    }
  });

  test('is an event here', async () => {
    const { here, there } = await setUp();
    const events = new EventReader(`${here.url}/api/queue/events?type=mail`);
    await events.response;
    for (let round = 0; round < 20; round++) {
      const id = await there.enqueue('mail');
      expect((await events.next()).data.task_id).toBe(id);
    }
    events.hangUp();
  });

  test('gives work to a claim that waits here', async () => {
    const { here, there } = await setUp();
    const body = { worker_id: 'here', wait: 60 };
    const claim = new Client(here.url).post('/queue/claims', body);
    await until(() => here.listeners > 0);
    const id = await there.enqueue('mail');
    expect((await claim).body.tasks[0].task_id).toBe(id);
  });
});

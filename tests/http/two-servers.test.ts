import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { EventReader } from '../support/http-clients.js';
import { PollingServer } from '../support/polling-server.js';
import { startServer } from '../support/program.js';

const ROUNDS = 25;

/** Follow the second server, so that each commit of the first gives it much to do. */
const STREAMS = 50;

test('what one server has acknowledged is seen by each request that then begins at another', async () => {
  const file = join(scratchFolder(), 'queue.db');
  const here = new Client((await PollingServer.start({ file })).url);
  const { url } = await startServer(file);
  const there = new Client(url);
  const streams = Array.from({ length: STREAMS }, () => new EventReader(`${url}/api/queue/events`));
  onTestEnd(() => {
    for (const stream of streams) stream.hangUp();
  });
  await Promise.all(streams.map(({ response }) => response));
  const seen: unknown[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const id = await here.enqueue('mail');
    const found = await there.get(`/queue/tasks/${id}`);
    await here.post(`/queue/tasks/${id}/cancel`);
    const changed = await there.get(`/queue/tasks/${id}`);
    const { cursor } = (await here.get('/queue/changes?cursor=now')).body;
    const feed = await there.get(`/queue/changes?cursor=${cursor}`);
    seen.push([found.status, changed.body.status, feed.status]);
  }
  expect(seen).toEqual(seen.map(() => [200, 'failed', 200]));
});

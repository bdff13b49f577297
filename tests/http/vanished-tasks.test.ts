import { describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../src/index.js';
import type { Storage } from '../../src/repositories/storage.js';
import { onTestEnd } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { EventReader, PendingRequest } from '../support/http-clients.js';
import { PollingServer } from '../support/polling-server.js';
import { openOnFile } from '../support/sqlite.js';
import { newPruner, pruneAll } from '../support/test-queue.js';
import { until } from '../support/waiting.js';

/** Deletes these tasks as one step of a bulk change does. */
const deletion = (ids: readonly number[]) => ({
  selection: { action: 'delete', filter: { ids }, upTo: Math.max(...ids) } as const,
  after: 0,
  most: 100,
});

/** Cancels and deletes a task in one transaction: nobody can see it in between. */
const cancelAndDelete = ({ repositories: { tasks, bulk } }: Storage, id: number) =>
  Promise.all([tasks.cancel(id), bulk.applyBatch(deletion([id]))]);

const WAYS: [string, (server: PollingServer) => Storage][] = [
  ['here', ({ storage }) => storage],
  [
    'by another process',
    ({ file }) => {
      const other = openOnFile(new ManualClock(), file);
      onTestEnd(() => other.close());
      return other;
    },
  ],
];

test.each(WAYS)('whoever waits for a task hears at once that it is deleted, %s', async (_, storageOf) => {
  const server = await PollingServer.start();
  const client = new Client(server.url);
  const [id, other] = (await client.enqueueMany([{ type: 'mail' }, { type: 'mail' }])) as [number, number];
  const etag = (await client.get(`/queue/tasks/${id}`)).headers.get('etag') as string;
  const path = `${server.url}/api/queue/tasks/`;
  const found = server.calls.tasks.find ?? 0;
  const stream = new EventReader(`${path}${id}/events`);
  const tags: Record<string, string>[] = [{}, { 'If-None-Match': etag }];
  const waits = tags.map((tag) => new PendingRequest(`${path}${id}?wait=60`, tag));
  const kept = new PendingRequest(`${path}${other}?wait=60`);
  expect((await stream.next()).event).toBe('task');
  await until(() => (server.calls.tasks.find ?? 0) >= found + 4);
  await cancelAndDelete(storageOf(server), id);
  expect(await stream.next()).toMatchObject({ event: 'gone', data: { task_id: id } });
  await stream.end();
  for (const { reply } of waits) {
    const { status, text } = await reply;
    expect([status, JSON.parse(text).error_code]).toEqual([404, 'TASK_NOT_FOUND']);
  }
  expect(kept.isAnswered).toBe(false);
  await client.post(`/queue/tasks/${other}/cancel`);
  expect((await kept.reply).status).toBe(200);
  await until(() => server.listeners === 0);
});

test('whoever waits for a finished task to change hears at once that it is kept no longer', async () => {
  const server = await PollingServer.start();
  const client = new Client(server.url);
  const id = await client.enqueue('mail');
  await client.post(`/queue/tasks/${id}/cancel`);
  const etag = (await client.get(`/queue/tasks/${id}`)).headers.get('etag') as string;
  const { reply } = new PendingRequest(`${server.url}/api/queue/tasks/${id}?wait=60`, {
    'If-None-Match': etag,
  });
  await until(() => server.calls.tasks.find === 2);
  // By a clock that is far ahead.
  const later = openOnFile(new ManualClock(Date.now() + 3_600_000), server.file);
  onTestEnd(() => later.close());
  await pruneAll(newPruner(later.repositories.retention, { failedMs: 60_000 }));
  expect((await reply).status).toBe(404);
});

describe('a feed that is asked for certain tasks', () => {
  async function setUp() {
    const server = await PollingServer.start();
    const client = new Client(server.url);
    const ids = await client.enqueueMany([{ type: 'mail' }, { type: 'mail' }, { type: 'mail' }]);
    const { cursor } = (await client.get('/queue/changes')).body;
    const feed = (of: string, after: string) =>
      new PendingRequest(`${server.url}/api/queue/changes?ids=${of}&cursor=${after}&wait=60`);
    return { server, client, ids, cursor, feed };
  }

  test('answers at once when one of them is deleted while it waits', async () => {
    const { server, cursor, feed } = await setUp();
    const looked = server.calls.changes.since ?? 0;
    const { reply } = feed('1,2', cursor);
    await until(() => (server.calls.changes.since ?? 0) >= looked + 2);
    await cancelAndDelete(server.storage, 3);
    await cancelAndDelete(server.storage, 1);
    const { changes, gone } = JSON.parse((await reply).text);
    expect({ changes, gone }).toEqual({ changes: [], gone: [1] });
  });

  test('answers at once when one was deleted between two requests, and not again', async () => {
    const { server, client, cursor, feed } = await setUp();
    await cancelAndDelete(server.storage, 1);
    const first = JSON.parse((await feed('1,2', cursor).reply).text);
    expect(first).toMatchObject({ changes: [], gone: [1] });
    const second = feed('1,2', first.cursor);
    await client.post('/queue/tasks/2/cancel');
    const { changes, gone } = JSON.parse((await second.reply).text);
    expect(changes).toMatchObject([{ task_id: 2 }]);
    expect(gone).toBeUndefined();
  });
});

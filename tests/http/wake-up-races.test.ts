import { describe, expect, test } from '@jest/globals';
import { Client } from '../support/client.js';
import { EventReader, PendingRequest } from '../support/http-clients.js';
import { PollingServer } from '../support/polling-server.js';
import { until } from '../support/waiting.js';

const WAIT = 'wait=60';

async function setUp() {
  const server = await PollingServer.start();
  const client = new Client(server.url);
  const id = await client.enqueue('mail');
  const get = (path: string) => new PendingRequest(`${server.url}/api/queue${path}`);
  /** Has `act` happen, once, when the method has read and nobody has seen what. */
  const once = (method: string, act: () => Promise<unknown>) => {
    server.afterRead = async (name) => {
      if (name !== method) return;
      server.afterRead = async () => undefined;
      await act();
    };
  };
  /** Changes the task past the server, so that it hears of it only as of another process's change. */
  const cancel = () => server.storage.repositories.tasks.cancel(id);
  return { server, client, id, get, once, cancel };
}

describe('a change between reading and waiting', () => {
  test('answers a poll that has just read its task', async () => {
    const { id, get, once, cancel } = await setUp();
    once('find', cancel);
    const { text } = await get(`/tasks/${id}?${WAIT}`).reply;
    expect(JSON.parse(text).status).toBe('failed');
  });

  test('answers a poll that has just begun to listen', async () => {
    const { id, get, once, cancel } = await setUp();
    once('horizon', cancel);
    const { text } = await get(`/tasks/${id}?${WAIT}`).reply;
    expect(JSON.parse(text).status).toBe('failed');
  });

  test.each(['horizon', 'since'])('is in the feed, after %s', async (method) => {
    const { server, get, once, cancel } = await setUp();
    once(method, async () => {
      // The request asks both before it waits, and again when it does.
      once(method, cancel);
    });
    const pending = get(`/changes?cursor=now&${WAIT}`);
    const page = JSON.parse((await pending.reply).text);
    expect(page.changes).toHaveLength(1);
    expect(server.listeners).toBe(0);
  });

  test('is an event, of the task and of all', async () => {
    const { server, id, once, cancel } = await setUp();
    once('find', cancel);
    const ofTask = new EventReader(`${server.url}/api/queue/tasks/${id}/events`);
    expect((await ofTask.next()).data.status).toBe('queued');
    expect((await ofTask.next()).data.status).toBe('failed');
    await ofTask.end();
    once('since', () => server.storage.repositories.tasks.retry(id));
    const all = new EventReader(`${server.url}/api/queue/events`);
    expect((await all.next()).data.status).toBe('queued');
    all.hangUp();
  });
});

describe('a database that cannot be read', () => {
  test('is told to those who wait, rather than leaving them waiting', async () => {
    const { server, client, id, get } = await setUp();
    const waiting = [get(`/tasks/${id}?${WAIT}`), get(`/changes?cursor=now&${WAIT}`)];
    await until(() => server.listeners === 1 && server.calls.tasks.find === 1);
    await until(() => (server.calls.changes.since ?? 0) >= 2);
    server.afterRead = async (method) => {
      if (method === 'since') throw new Error('disk I/O error');
    };
    await client.enqueue('mail');
    for (const { reply } of waiting) {
      const { status, text } = await reply;
      expect({ status, code: JSON.parse(text).error_code }).toEqual({ status: 500, code: 'INTERNAL_ERROR' });
      expect(text).not.toContain('disk');
    }
    await until(() => server.listeners === 0);
    server.afterRead = async () => undefined;
    const again = get(`/tasks/${id}?${WAIT}`);
    await until(() => server.calls.tasks.find === 2);
    await client.post(`/queue/tasks/${id}/cancel`);
    expect((await again.reply).status).toBe(200);
  });
});

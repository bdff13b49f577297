import { describe, expect, test } from '@jest/globals';
import { Client } from '../support/client.js';
import { PendingRequest } from '../support/http-clients.js';
import { PollingServer } from '../support/polling-server.js';
import { until } from '../support/waiting.js';

const TASKS = '/api/queue/tasks';

/** A server with a task on it, and what the tests do with both. */
async function setUp() {
  const server = await PollingServer.start();
  const client = new Client(server.url);
  const id = await client.enqueue('mail');
  const tag = async () => (await client.get(`/queue/tasks/${id}`)).headers.get('etag') as string;
  const poll = (query: string, headers: Record<string, string> = {}, task = id) =>
    new PendingRequest(`${server.url}${TASKS}/${task}${query}`, headers);
  /** Resolves once so many polls have read their task and wait for news of it. */
  const begun = async (count = 1) => {
    const before = server.calls.tasks.find ?? 0;
    return () => until(() => (server.calls.tasks.find ?? 0) - before >= count && server.listeners > 0);
  };
  const claim = async () => (await client.claim())[0];
  const tell = (action: string, { lease_token }: { lease_token: string }, fields: object = {}) =>
    client.post(`/queue/tasks/${id}/${action}`, { lease_token, ...fields });
  return { server, client, id, tag, poll, begun, claim, tell };
}

describe('a poll that waits', () => {
  test('with a tag is answered as soon as the task changes', async () => {
    const { poll, begun, tag, claim, tell } = await setUp();
    const waiting = await begun(2);
    const first = poll('?wait=30', { 'If-None-Match': await tag() });
    await waiting();
    const held = await claim();
    const claimed = await first.reply;
    expect(claimed.status).toBe(200);
    expect(JSON.parse(claimed.text)).toMatchObject({ status: 'processing', attempts: 1 });

    const waitingAgain = await begun();
    const second = poll('?wait=30', { 'If-None-Match': claimed.headers.etag as string });
    await waitingAgain();
    await tell('heartbeat', held, { progress: 40 });
    expect(JSON.parse((await second.reply).text)).toMatchObject({ progress: 40 });
  });

  test('without a tag is answered as soon as the task is done, and not before', async () => {
    const { poll, begun, claim, tell, server } = await setUp();
    const waiting = await begun();
    const pending = poll('?wait=30');
    await waiting();
    const held = await claim();
    const looks = server.calls.changes.since ?? 0;
    await tell('heartbeat', held, { progress: 40 });
    await until(() => (server.calls.changes.since ?? 0) > looks);
    expect(pending.isAnswered).toBe(false);
    await tell('complete', held, { result: { n: 1 } });
    const { status, headers, text } = await pending.reply;
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ status: 'completed', result: { n: 1 }, done: true });
    expect(headers).not.toHaveProperty('retry-after');
  });

  test('is answered at once when there is nothing to wait for', async () => {
    const { poll, client, id, server } = await setUp();
    expect((await poll('?wait=30', { 'If-None-Match': '"0"' }).reply).status).toBe(200);
    await client.post(`/queue/tasks/${id}/cancel`);
    expect(JSON.parse((await poll('?wait=30').reply).text).done).toBe(true);
    expect((await poll('?wait=0').reply).status).toBe(200);
    expect((await poll('?wait=').reply).status).toBe(200);
    expect(server.listeners).toBe(0);
  });

  test('is answered 404 at once for an unknown task, and 422 for a wait out of range', async () => {
    const { poll, server } = await setUp();
    expect((await poll('?wait=30', {}, 99_999).reply).status).toBe(404);
    for (const wait of ['61', '-1', 'x', '1&wait=2']) {
      const { status, text } = await poll(`?wait=${wait}`).reply;
      expect(status).toBe(422);
      expect(JSON.parse(text).errors[0].pointer).toBe('/wait');
    }
    expect(server.listeners).toBe(0);
  });

  test('is answered with what is current at the end of the wait: 304 where the tag still matches', async () => {
    const { poll, tag, id, server } = await setUp();
    const current = await tag();
    const unchanged = await poll('?wait=0.05', { 'If-None-Match': current }).reply;
    expect(unchanged).toMatchObject({ status: 304, text: '' });
    expect(unchanged.headers).toMatchObject({ etag: current, 'retry-after': '1' });
    const undone = await poll('?wait=0.05').reply;
    expect(undone.status).toBe(200);
    expect(JSON.parse(undone.text)).toMatchObject({ task_id: id, status: 'queued' });
    expect((await poll('?wait=0.05', { 'If-None-Match': '*' }).reply).status).toBe(304);
    expect(server.listeners).toBe(0);
  });

  test('may say so as a preference, which the answer confirms', async () => {
    const { poll, begun, client, id } = await setUp();
    const waiting = await begun();
    const pending = poll('', { Prefer: 'respond-async, wait=30' });
    await waiting();
    await client.post(`/queue/tasks/${id}/cancel`);
    const { headers, text } = await pending.reply;
    expect(headers['preference-applied']).toBe('wait=30');
    expect(JSON.parse(text).status).toBe('failed');
    expect((await poll('', { Prefer: 'wait=1000' }).reply).headers['preference-applied']).toBe('wait=60');
    const plain = await poll('', { Prefer: 'wait=soon' }).reply;
    expect(plain.headers).not.toHaveProperty('preference-applied');
    const unknown = await poll('', { Prefer: 'wait=30' }, 99).reply;
    expect(unknown.status).toBe(404);
    expect(unknown.headers).not.toHaveProperty('preference-applied');
    const query = await poll('?wait=0', { Prefer: 'wait=30' }).reply;
    expect(query.headers).not.toHaveProperty('preference-applied');
  });

  test('is woken by nothing but its own task', async () => {
    const { poll, begun, client, tag, server } = await setUp();
    const waiting = await begun(2);
    const pending = poll('?wait=30', { 'If-None-Match': await tag() });
    await waiting();
    const found = server.calls.tasks.find;
    for (let other = 0; other < 5; other++) {
      const looks = server.calls.changes.since ?? 0;
      await client.enqueue('mail');
      await until(() => (server.calls.changes.since ?? 0) > looks);
    }
    expect(pending.isAnswered).toBe(false);
    expect(server.calls.tasks.find).toBe(found);
    pending.hangUp();
  });

  test('is answered when its task is retried after it was done', async () => {
    const { poll, begun, client, id, tag } = await setUp();
    await client.post(`/queue/tasks/${id}/cancel`);
    const waiting = await begun(2);
    const pending = poll('?wait=30', { 'If-None-Match': await tag() });
    await waiting();
    await client.post(`/queue/tasks/${id}/retry`);
    expect(JSON.parse((await pending.reply).text)).toMatchObject({ status: 'queued', done: false });
  });

  test('leaves nothing behind when its client hangs up', async () => {
    const { poll, begun, client, id, server } = await setUp();
    const waiting = await begun(10);
    const pending = Array.from({ length: 10 }, () => poll('?wait=30'));
    await waiting();
    for (const one of pending.slice(1)) one.hangUp();
    await client.post(`/queue/tasks/${id}/cancel`);
    expect((await (pending[0] as PendingRequest).reply).status).toBe(200);
    await until(() => server.listeners === 0);
  });

  test('is answered when the server stops', async () => {
    const { poll, begun, server, tag } = await setUp();
    const waiting = await begun(3);
    const done = poll('?wait=60');
    const changed = poll('?wait=60', { 'If-None-Match': await tag() });
    await waiting();
    server.beginToStop();
    expect((await done.reply).status).toBe(200);
    expect((await changed.reply).status).toBe(304);
    expect((await poll('?wait=60').reply).status).toBe(200);
  });
});

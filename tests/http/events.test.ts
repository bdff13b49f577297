import { describe, expect, test } from '@jest/globals';
import { Client } from '../support/client.js';
import { EventReader, PendingRequest } from '../support/http-clients.js';
import { PollingServer } from '../support/polling-server.js';
import { until } from '../support/waiting.js';

async function setUp() {
  const server = await PollingServer.start();
  const client = new Client(server.url);
  const follow = (path: string, headers: Record<string, string> = {}) =>
    new EventReader(`${server.url}/api/queue${path}`, headers);
  const plain = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new PendingRequest(`${server.url}/api/queue${path}`, headers, method).reply;
  /** The task as lists and events have it. */
  const task = async (id: number) => (await client.list(`?ids=${id}`))[0];
  const cancel = (id: number) => client.post(`/queue/tasks/${id}/cancel`);
  return { server, client, follow, plain, task, cancel };
}

describe('GET /api/queue/tasks/{id}/events', () => {
  test('tells the task as it is, every change, and ends when it is done', async () => {
    const { client, follow, server, task } = await setUp();
    const id = await client.enqueue('mail');
    const events = follow(`/tasks/${id}/events`);
    const first = await events.next();
    expect(first).toEqual({ id: expect.stringMatching(/^\d+$/), event: 'task', data: await task(id) });
    const [held] = await client.claim();
    const second = await events.next();
    expect(second.data).toEqual(await task(id));
    expect(Number(second.id)).toBeGreaterThan(Number(first.id));
    const { lease_token } = held;
    await client.post(`/queue/tasks/${id}/heartbeat`, { lease_token, progress: 50 });
    expect((await events.next()).data.progress).toBe(50);
    await client.post(`/queue/tasks/${id}/complete`, { lease_token, result: 'line 1\nline 2\r\u2028' });
    const last = await events.next();
    expect(last.data).toMatchObject({ status: 'completed', result: 'line 1\nline 2\r\u2028', done: true });
    expect(`W/"${last.id}"`).toBe((await client.get(`/queue/tasks/${id}`)).headers.get('etag'));
    await events.end();
    expect(server.listeners).toBe(0);
  });

  test('has headers that keep it from being stored, changed or gathered on its way', async () => {
    const { client, follow, cancel } = await setUp();
    const id = await client.enqueue('mail');
    const events = follow(`/tasks/${id}/events`);
    const { statusCode, headers } = await events.response;
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    await cancel(id);
    await events.end();
    expect(events.retry).toBe('1000');
  });

  test('resumes after the event that the client saw last', async () => {
    const { client, follow, cancel } = await setUp();
    const id = await client.enqueue('mail');
    const first = follow(`/tasks/${id}/events`);
    const seen = await first.next();
    first.hangUp();
    const again = follow(`/tasks/${id}/events`, { 'Last-Event-ID': seen.id });
    await again.response;
    await cancel(id);
    const next = await again.next();
    expect(next.data.status).toBe('failed');
    const late = follow(`/tasks/${id}/events?cursor=${seen.id}`);
    expect(await late.next()).toEqual(next);
    await late.end();
  });

  test('tells a client that has seen the end not to come again', async () => {
    const { client, plain, cancel } = await setUp();
    const id = await client.enqueue('mail');
    await cancel(id);
    const stream = await plain(`/tasks/${id}/events`);
    expect(stream.status).toBe(200);
    const [, seen] = /^id: (\d+)\nevent: task$/m.exec(stream.text) as RegExpExecArray;
    const again = await plain(`/tasks/${id}/events`, { 'Last-Event-ID': seen as string });
    expect(again).toMatchObject({ status: 204, text: '' });
    await client.post(`/queue/tasks/${id}/retry`);
    const retried = await plain(`/tasks/${id}/events`, { 'Last-Event-ID': seen as string }, 'HEAD');
    expect(retried.status).toBe(200);
  });

  test('answers an unknown task, a bad id and a bad cursor as any other request', async () => {
    const { client, plain, server } = await setUp();
    const id = await client.enqueue('mail');
    expect((await plain('/tasks/99999/events')).status).toBe(404);
    expect((await plain('/tasks/x/events')).status).toBe(422);
    for (const cursor of ['x', '999999', '-1']) {
      const { status, text } = await plain(`/tasks/${id}/events`, { 'Last-Event-ID': cursor });
      expect({ status, code: JSON.parse(text).error_code }).toEqual({ status: 422, code: 'CURSOR_INVALID' });
      expect((await plain(`/events?cursor=${cursor}`)).status).toBe(422);
    }
    expect(server.listeners).toBe(0);
  });
});

describe('GET /api/queue/events', () => {
  test('tells every change of any task from now on, in order', async () => {
    const { client, follow, cancel } = await setUp();
    await client.enqueue('before');
    const events = follow('/events');
    await events.response;
    for (const type of ['a', 'b']) await client.enqueue(type);
    await cancel(1);
    const told = [await events.next(), await events.next(), await events.next()];
    expect(told.map(({ data }) => data.task_id)).toEqual([2, 3, 1]);
    expect(told[2]).toEqual({ id: told[2]?.id, event: 'task', data: await client.task(1) });
    const ids = told.map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    events.hangUp();
  });

  test('can be narrowed, and begin at a cursor', async () => {
    const { client, follow, cancel } = await setUp();
    for (const type of ['a', 'b', 'a']) await client.enqueue(type);
    await cancel(1);
    const failed = follow('/events?type=a&status=failed&cursor=0');
    expect((await failed.next()).data.task_id).toBe(1);
    await client.enqueue('a');
    await cancel(2);
    await cancel(3);
    expect((await failed.next()).data.task_id).toBe(3);
    failed.hangUp();
  });

  test('a client can resume before it has seen an event: nothing in between is missed', async () => {
    const { client, follow } = await setUp();
    await client.enqueue('a');
    const first = follow('/events');
    await first.response;
    await until(() => first.lastEventId !== '');
    first.hangUp();
    await client.enqueue('b');
    const again = follow('/events', { 'Last-Event-ID': first.lastEventId });
    expect((await again.next()).data.task_id).toBe(2);
    again.hangUp();
  });

  test('the last event goes before the cursor in the address: that is where the client began', async () => {
    const { client, follow } = await setUp();
    for (const type of ['a', 'b', 'c']) await client.enqueue(type);
    const first = follow('/events?cursor=0');
    const seen = [await first.next(), await first.next()];
    first.hangUp();
    const again = follow('/events?cursor=0', { 'Last-Event-ID': seen[1]?.id as string });
    expect((await again.next()).data.task_id).toBe(3);
    again.hangUp();
  });

  test('a change is read once, however many listen', async () => {
    const { server, client, follow } = await setUp();
    const readers = Array.from({ length: 20 }, () => follow('/events'));
    await Promise.all(readers.map(({ response }) => response));
    await until(() => readers.every(({ lastEventId }) => lastEventId !== ''));
    await until(() => (server.calls.changes.since ?? 0) >= 20);
    const before = server.calls.changes.since ?? 0;
    await client.enqueue('a');
    const told = await Promise.all(readers.map((reader) => reader.next()));
    expect(new Set(told.map(({ data }) => data.task_id))).toEqual(new Set([1]));
    // One look for the change; one more where the system says twice that there was one.
    expect((server.calls.changes.since ?? 0) - before).toBeLessThanOrEqual(2);
    for (const reader of readers) reader.hangUp();
    await until(() => server.listeners === 0);
  });

  test('HEAD has the headers and ends', async () => {
    const { plain, server } = await setUp();
    const { status, headers, text } = await plain('/events', {}, 'HEAD');
    expect({ status, text }).toEqual({ status: 200, text: '' });
    expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(server.listeners).toBe(0);
  });

  test('ends when the server stops', async () => {
    const { server, client, follow } = await setUp();
    const id = await client.enqueue('a');
    const streams = [follow('/events'), follow(`/tasks/${id}/events`)];
    await Promise.all(streams.map(({ response }) => response));
    server.beginToStop();
    await Promise.all(streams.map((stream) => stream.end()));
    expect(server.listeners).toBe(0);
  });
});

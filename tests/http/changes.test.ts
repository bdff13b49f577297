import { describe, expect, test } from '@jest/globals';
import { Client } from '../support/client.js';
import { PendingRequest } from '../support/http-clients.js';
import { PollingServer } from '../support/polling-server.js';
import { until } from '../support/waiting.js';

type Page = { changes: { task_id: number; status: string; type: string }[]; cursor: string };

async function setUp() {
  const server = await PollingServer.start();
  const client = new Client(server.url);
  const read = async (query = ''): Promise<Page> => {
    const { status, body } = await client.get(`/queue/changes${query}`);
    if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
    return body;
  };
  const wait = (query: string, headers = {}) =>
    new PendingRequest(`${server.url}/api/queue/changes${query}`, headers);
  const cancel = (id: number) => client.post(`/queue/tasks/${id}/cancel`);
  return { server, client, read, wait, cancel };
}

const idsOf = ({ changes }: Page): number[] => changes.map(({ task_id }) => task_id);
const pageOf = async (pending: PendingRequest): Promise<Page> => JSON.parse((await pending.reply).text);

describe('GET /api/queue/changes', () => {
  test('begins at the beginning: every task once, as it is now, in the order of its last change', async () => {
    const { client, read, cancel } = await setUp();
    expect(await read()).toEqual({ changes: [], cursor: '0' });
    for (const type of ['a', 'b', 'c']) await client.enqueue(type);
    await cancel(1);
    const page = await read();
    expect(idsOf(page)).toEqual([2, 3, 1]);
    expect(page.changes[2]).toEqual(await client.task(1));
    const { headers } = await client.get('/queue/tasks/1');
    expect(`W/"${page.cursor}"`).toBe(headers.get('etag'));
  });

  test('goes on at its cursor', async () => {
    const { client, read, cancel } = await setUp();
    for (const type of ['a', 'b', 'c']) await client.enqueue(type);
    const first = await read('?limit=2');
    expect(idsOf(first)).toEqual([1, 2]);
    await cancel(1);
    const second = await read(`?cursor=${first.cursor}`);
    expect(idsOf(second)).toEqual([3, 1]);
    expect(await read(`?cursor=${second.cursor}`)).toEqual({ changes: [], cursor: second.cursor });
  });

  test('cursor=now begins at what comes next', async () => {
    const { client, read } = await setUp();
    await client.enqueue('a');
    const { changes, cursor } = await read('?cursor=now');
    expect(changes).toEqual([]);
    await client.enqueue('b');
    expect(idsOf(await read(`?cursor=${cursor}`))).toEqual([2]);
  });

  test('can be narrowed by type and by the status that tasks have now', async () => {
    const { client, read, cancel } = await setUp();
    for (const type of ['a', 'b', 'a']) await client.enqueue(type);
    await cancel(1);
    expect(idsOf(await read('?type=a'))).toEqual([3, 1]);
    expect(idsOf(await read('?status=failed'))).toEqual([1]);
    expect(idsOf(await read('?status=queued&type=a'))).toEqual([3]);
    expect(idsOf(await read('?status=&type='))).toEqual([2, 3, 1]);
    const all = await read();
    expect((await read('?type=none')).cursor).toBe(all.cursor);
  });

  test('can be narrowed to certain tasks', async () => {
    const { client, read, wait, cancel } = await setUp();
    for (const type of ['a', 'b', 'a']) await client.enqueue(type);
    const { cursor } = await read('?ids=1');
    expect(idsOf(await read('?ids=3,1,99'))).toEqual([1, 3]);
    expect(idsOf(await read('?ids=3,2&type=a'))).toEqual([3]);
    const waiting = wait(`?ids=2&wait=60&cursor=${cursor}`);
    await cancel(1);
    await cancel(2);
    expect(idsOf(await pageOf(waiting))).toEqual([2]);
    expect((await client.get('/queue/changes?ids=0')).status).toBe(422);
    expect((await client.get('/queue/events?ids=x')).status).toBe(422);
  });

  test('a filter that finds little costs a bounded look at a time, and gets there', async () => {
    const { client, read } = await setUp();
    const tasks = Array.from({ length: 1000 }, () => ({ type: 'a' }));
    for (let batch = 0; batch < 3; batch++) await client.enqueueMany(tasks);
    await client.enqueue('rare');
    const cursors: string[] = [];
    const found: number[] = [];
    for (let cursor = '0'; found.length === 0; cursor = cursors.at(-1) as string) {
      // It does not wait either: there is more to look at.
      const page = await read(`?type=rare&cursor=${cursor}&wait=30`);
      cursors.push(page.cursor);
      found.push(...idsOf(page));
    }
    expect(found).toEqual([3001]);
    expect(cursors).toHaveLength(4);
  });

  test('refuses cursors that it has not given out', async () => {
    const { client, read } = await setUp();
    await client.enqueue('a');
    const { cursor } = await read();
    for (const wrong of [
      '-1',
      '1.5',
      'x',
      'NOW',
      '01',
      '1e3',
      String(Number(cursor) + 1000),
      '9'.repeat(30),
    ]) {
      const { status, body } = await client.get(`/queue/changes?cursor=${wrong}`);
      expect({ status, code: body.error_code }).toEqual({ status: 422, code: 'CURSOR_INVALID' });
    }
    for (const query of ['limit=0', 'limit=1001', 'wait=61', 'status=done', 'type=a&type=b']) {
      expect((await client.get(`/queue/changes?${query}`)).status).toBe(422);
    }
  });

  test('waits for a change that is wanted, and for no other', async () => {
    const { server, client, read, wait } = await setUp();
    const pending = wait('?type=b&wait=30');
    await until(() => server.listeners > 0 && (server.calls.changes.since ?? 0) >= 2);
    const looks = server.calls.changes.since ?? 0;
    await client.enqueue('a');
    await until(() => (server.calls.changes.since ?? 0) > looks);
    expect(pending.isAnswered).toBe(false);
    await client.enqueue('b');
    const page = await pageOf(pending);
    expect(idsOf(page)).toEqual([2]);
    expect(await read(`?cursor=${page.cursor}`)).toMatchObject({ changes: [] });
    await until(() => server.listeners === 0);
  });

  test('answers at the end of the wait that there was nothing, and from where to go on', async () => {
    const { client, read, wait, server } = await setUp();
    await client.enqueue('a');
    const { cursor } = await read();
    const page = await pageOf(wait(`?cursor=${cursor}&wait=0.05`));
    expect(page.changes).toEqual([]);
    expect(Number(page.cursor)).toBeGreaterThanOrEqual(Number(cursor));
    await client.enqueue('b');
    expect(idsOf(await read(`?cursor=${page.cursor}`))).toEqual([2]);
    const preferred = await wait(`?cursor=now`, { Prefer: 'wait=0' }).reply;
    expect(preferred.headers['preference-applied']).toBe('wait=0');
    expect(server.listeners).toBe(0);
  });

  test('answers no more than the limit when more comes at once, and the rest after it', async () => {
    const { server, client, read, wait } = await setUp();
    const pending = wait('?cursor=now&limit=2&wait=30');
    await until(() => server.listeners > 0 && (server.calls.changes.since ?? 0) >= 2);
    await client.enqueueMany(Array.from({ length: 5 }, () => ({ type: 'a' })));
    const page = await pageOf(pending);
    expect(idsOf(page)).toEqual([1, 2]);
    expect(idsOf(await read(`?cursor=${page.cursor}`))).toEqual([3, 4, 5]);
  });

  test('leaves nothing behind when its client hangs up, and ends when the server stops', async () => {
    const { server, wait } = await setUp();
    const [gone, staying] = [wait('?wait=60'), wait('?wait=60')];
    await until(() => (server.calls.changes.since ?? 0) >= 4);
    gone.hangUp();
    server.beginToStop();
    expect(await pageOf(staying)).toMatchObject({ changes: [] });
    await until(() => server.listeners === 0);
  });
});

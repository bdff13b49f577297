import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { api, nextPath, useTestApp } from '../support/test-app.js';
import { until } from '../support/waiting.js';

const app = useTestApp({}, 'file');
const LARGE = 'x'.repeat(900_000);
const idsOf = (tasks: { task_id: number }[]): number[] => tasks.map(({ task_id }) => task_id);

async function enqueueLarge(type: string, count: number): Promise<number[]> {
  const ids: number[] = [];
  for (let n = 0; n < count; n++) ids.unshift(await api.enqueue(app(), { type, payload: { n, LARGE } }));
  return ids;
}

describe('a list', () => {
  test('of many tasks is complete and in order', async () => {
    const tasks = Array.from({ length: 250 }, () => ({ type: 'many' }));
    const { body } = await app().http.post('/api/queue/enqueue/batch').send({ tasks });
    const newestFirst = idsOf(body.tasks).reverse();
    for (const limit of [99, 100, 101, 200, 249, 250, 251, 1000]) {
      for (const query of ['type=many', 'type=many&status=queued', 'status=queued', '']) {
        const listed = idsOf(await api.list(app(), `?${query}&limit=${limit}`));
        expect(listed).toEqual(newestFirst.slice(0, limit));
      }
    }
  });

  test('of large tasks goes out in pieces, whole', async () => {
    const ids = await enqueueLarge('large', 6);
    const response = await app().http.get('/api/queue/tasks?type=large');
    expect(response.headers).not.toHaveProperty('content-length');
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(idsOf(response.body)).toEqual(ids);
    expect(await api.task(app(), ids[0]!)).toMatchObject(response.body[0]);
    expect((await app().http.head('/api/queue/tasks?type=large')).status).toBe(200);
  });

  test('of large tasks that nobody reads to the end harms nobody', async () => {
    await enqueueLarge('unread', 6);
    const connections = () =>
      new Promise<number>((resolve) => app().server.getConnections((_error, count) => resolve(count)));
    const socket = connect(app().port, '127.0.0.1');
    socket.write('GET /api/queue/tasks?type=unread HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await new Promise((resolve) => socket.once('readable', resolve));
    socket.destroy();
    await until(async () => (await connections()) === 0);
    expect(await api.list(app(), '?type=unread')).toHaveLength(6);
  });
});

test('a page of large log entries ends early, and Link leads on to the rest', async () => {
  await api.enqueue(app(), { type: 'logged' });
  const [task] = await api.claim(app(), { types: ['logged'] });
  const { task_id: id, lease_token } = task;
  // More than are read at once, then so large ones that a page is full before its limit.
  const small = Array.from({ length: 110 }, (_, n) => ({ level: 'info', message: `small ${n}` }));
  const batches = [
    small,
    ...Array.from({ length: 200 }, (_, n) => [
      { level: 'info', message: `${n}`, details: LARGE.slice(0, 60_000) },
    ]),
  ];
  for (const entries of batches) {
    await app().http.post(`/api/queue/tasks/${id}/logs`).send({ lease_token, entries });
  }
  const found: string[] = [];
  const sizes: number[] = [];
  let next: string | undefined = `/api/queue/tasks/${id}/logs?limit=1000`;
  while (next) {
    const { body, headers } = await app().http.get(next);
    found.push(...body.map(({ message }: { message: string }) => message));
    sizes.push(body.length);
    next = nextPath(headers);
  }
  expect(found.slice(1)).toEqual(batches.flat().map(({ message }) => message));
  expect(sizes.length).toBeGreaterThan(1);
});

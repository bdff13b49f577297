import { describe, expect, test } from '@jest/globals';
import { createApp } from '../../src/index.js';
import { api, useTestApp } from '../support/test-app.js';

const app = useTestApp();
const path = (id: number) => `/api/queue/tasks/${id}`;

describe('the tag of a task', () => {
  test('is weak, and says 304 without a body while nothing has changed', async () => {
    const id = await api.enqueue(app());
    const first = await app().http.get(path(id));
    const tag = first.headers.etag as string;
    expect(tag).toMatch(/^W\/"\d+\.0"$/);
    const again = await app().http.get(path(id)).set('If-None-Match', tag);
    expect(again.status).toBe(304);
    expect(again.text).toBe('');
    expect(again.headers).toMatchObject({ etag: tag, 'cache-control': 'no-cache', 'retry-after': '1' });
    expect(again.headers).not.toHaveProperty('content-type');
    expect(again.headers).not.toHaveProperty('content-length');
  });

  test.each([(tag: string) => tag.slice(2), (tag: string) => `"x", ${tag}`, () => '*'])(
    'is found in every form a client may send',
    async (headerFor) => {
      const id = await api.enqueue(app());
      const { headers } = await app().http.get(path(id));
      const again = await app()
        .http.get(path(id))
        .set('If-None-Match', headerFor(headers.etag as string));
      expect(again.status).toBe(304);
    },
  );

  test.each(['"0"', 'nonsense', '""'])('%s is answered with the task', async (header) => {
    const id = await api.enqueue(app());
    const response = await app().http.get(path(id)).set('If-None-Match', header);
    expect(response.status).toBe(200);
    expect(response.body.task_id).toBe(id);
  });

  test('HEAD has it, and 304 too', async () => {
    const id = await api.enqueue(app());
    const { headers } = await app().http.head(path(id));
    const again = await app()
      .http.head(path(id))
      .set('If-None-Match', headers.etag as string);
    expect(again.status).toBe(304);
  });

  test('an unknown task has none, whatever the client has', async () => {
    const response = await app().http.get(path(99_999)).set('If-None-Match', '*');
    expect(response.status).toBe(404);
    expect(response.headers).not.toHaveProperty('etag');
  });

  test('every change gives a new one, greater than any before', async () => {
    const id = await api.enqueue(app());
    const tags: number[] = [];
    const note = async () => {
      const { headers } = await app().http.get(path(id));
      tags.push(Number(/^W\/"(\d+)/.exec(headers.etag as string)?.[1]));
    };
    await note();
    const [held] = await api.claim(app());
    await note();
    await api.report(app(), 'heartbeat', held, { progress: 50 });
    await note();
    await api.report(app(), 'release', held);
    await note();
    await app().http.post(`${path(id)}/cancel`);
    await note();
    await app().http.post(`${path(id)}/retry`);
    await note();
    expect(tags).toEqual([...new Set(tags)].sort((a, b) => a - b));
    await api.enqueue(app());
    await note();
    expect(tags.at(-1)).toBe(tags.at(-2));
  });

  test('moves with the place in the queue while the task is queued, and not with what comes behind it', async () => {
    const id = await api.enqueue(app());
    const first = (await app().http.get(path(id))).headers.etag as string;
    const poll = () => app().http.get(path(id)).set('If-None-Match', first);
    await api.enqueue(app());
    expect((await poll()).status).toBe(304);
    const ahead = await api.enqueue(app(), { priority: 1 });
    const moved = await poll();
    expect([moved.status, moved.body.queue_position]).toEqual([200, 1]);
    expect(moved.headers.etag).toBe(first.replace('.0"', '.1"'));
    await app().http.post(`${path(ahead)}/cancel`);
    expect((await poll()).status).toBe(304);
  });

  test('ends a wait by what has changed of the task, not by its place in the queue', async () => {
    const id = await api.enqueue(app());
    const { headers } = await app().http.get(path(id));
    await api.enqueue(app(), { priority: 1 });
    const waited = app()
      .http.get(`${path(id)}?wait=60`)
      .set('If-None-Match', headers.etag as string);
    const [answer] = await Promise.all([waited, app().http.post(`${path(id)}/cancel`)]);
    expect([answer.status, answer.body.status]).toEqual([200, 'failed']);
  });

  test.each(['complete', 'fail', 'release'])(
    '%s answers the task with the tag it now has',
    async (action) => {
      const id = await api.enqueue(app());
      const [{ lease_token }] = await api.claim(app());
      const body = { lease_token, ...(action === 'fail' && { error_message: 'no' }) };
      const settled = await app()
        .http.post(`${path(id)}/${action}`)
        .send(body);
      expect(settled.headers['cache-control']).toBe('no-cache');
      const polled = await app()
        .http.get(path(id))
        .set('If-None-Match', settled.headers.etag as string);
      expect(polled.status).toBe(304);
      expect(settled.headers['retry-after']).toBe(polled.headers['retry-after']);
    },
  );

  test('is the same over the raw transport', async () => {
    const id = await api.enqueue(app());
    const server = createApp({ database: app().file, clock: app().clock });
    try {
      const address = await server.start({ port: 0 });
      const { headers } = await app().http.get(path(id));
      for (const header of ['"0"', headers.etag as string, '*']) {
        const long = await app().http.get(path(id)).set('If-None-Match', header);
        const short = await fetch(`${address}${path(id)}`, { headers: { 'If-None-Match': header } });
        expect(short.status).toBe(long.status);
        expect(await short.text()).toBe(long.text);
        for (const name of ['etag', 'retry-after', 'cache-control', 'content-type', 'content-length']) {
          expect(short.headers.get(name)).toBe(long.headers[name] ?? null);
        }
      }
    } finally {
      await server.stop();
    }
  });
});

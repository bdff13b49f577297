import { describe, expect, test } from '@jest/globals';
import { api, expectProblem, nextPath, useTestApp } from '../support/test-app.js';

const app = useTestApp();

/** Follows the links from a list on; `between` runs before each further page. */
async function follow(first: string, between: () => Promise<unknown> = async () => undefined) {
  const pages: number[][] = [];
  for (let url: string | undefined = first; url; await between()) {
    const response = await app().http.get(url);
    if (response.status !== 200) throw new Error(`${response.status}: ${response.text}`);
    pages.push(response.body.map(({ task_id }: { task_id: number }) => task_id));
    url = nextPath(response.headers);
  }
  return pages;
}

const enqueueMany = (count: number, fields: object = {}) =>
  app()
    .http.post('/api/queue/enqueue/batch')
    .send({ tasks: Array.from({ length: count }, () => ({ type: 'mail', ...fields })) });

/** 40 tasks of two types, a quarter of them in each status. */
async function fill() {
  for (let at = 0; at < 40; at++) {
    const id = await api.enqueue(app(), { type: at % 2 ? 'print & send' : 'mail' });
    if (at % 4 < 1) continue;
    if (at % 4 < 2) await app().http.post(`/api/queue/tasks/${id}/cancel`);
    else {
      const [task] = await api.claim(app(), { strategy: 'lifo' });
      if (at % 4 < 3) await api.report(app(), 'complete', task);
    }
  }
}

describe('pages', () => {
  test('every combination of filters gives every task once, whatever the size of a page', async () => {
    await fill();
    for (const status of ['', 'queued', 'processing', 'completed', 'failed']) {
      for (const type of ['', 'mail', 'print & send', 'none']) {
        const query = `status=${status}&type=${encodeURIComponent(type)}`;
        const all = (await api.list(app(), `?limit=1000&${query}`)).map(
          (task: { task_id: number }) => task.task_id,
        );
        const pages = await follow(`/api/queue/tasks?limit=7&${query}`);
        expect(pages.flat()).toEqual(all);
        for (const page of pages.slice(0, -1)) expect(page).toHaveLength(7);
      }
    }
  });

  test('no page is empty but the only one', async () => {
    expect(await follow('/api/queue/tasks?limit=5')).toEqual([[]]);
    await enqueueMany(10);
    expect((await follow('/api/queue/tasks?limit=5')).map((page) => page.length)).toEqual([5, 5]);
    expect((await follow('/api/queue/tasks?limit=10')).map((page) => page.length)).toEqual([10]);
    expect((await follow('/api/queue/tasks')).map((page) => page.length)).toEqual([10]);
  });

  test('stay as they were while tasks are added', async () => {
    await enqueueMany(30);
    const pages = await follow('/api/queue/tasks?limit=7', () => enqueueMany(3));
    expect(pages.flat()).toEqual(Array.from({ length: 30 }, (_, at) => 30 - at));
  });

  test('pages of large tasks, which are sent in pieces, have their links too', async () => {
    await enqueueMany(12, { payload: { text: 'x'.repeat(400_000) } });
    await enqueueMany(12, { payload: { text: 'x'.repeat(400_000) } });
    const pages = await follow('/api/queue/tasks?limit=10');
    expect(pages.map((page) => page.length)).toEqual([10, 10, 4]);
  });

  test('the size of the next page can be another', async () => {
    await enqueueMany(10);
    const { headers } = await app().http.get('/api/queue/tasks?limit=4');
    const url = nextPath(headers) as string;
    const ids = (await app().http.get(url.replace('limit=4', 'limit=2'))).body;
    expect(ids.map(({ task_id }: { task_id: number }) => task_id)).toEqual([6, 5]);
  });

  test('a cursor with other filters, of another list, or malformed is refused', async () => {
    await enqueueMany(10);
    const { headers } = await app().http.get('/api/queue/tasks?limit=4&type=mail');
    const cursor = /cursor=([\w-]+)/.exec(headers.link as string)?.[1] as string;
    expect((await app().http.get(`/api/queue/tasks?type=mail&cursor=${cursor}`)).status).toBe(200);
    const other = Buffer.from(`5.${'a'.repeat(8)}`).toString('base64url');
    const refused = [
      `cursor=${cursor}`,
      `type=print&cursor=${cursor}`,
      `type=mail&status=queued&cursor=${cursor}`,
      `type=mail&cursor=${cursor}x`,
      `type=mail&cursor=${cursor}!`,
      `type=mail&cursor=${other}`,
      'cursor=5',
      'cursor=now',
      'cursor=%00',
    ];
    for (const query of refused) {
      expectProblem(await app().http.get(`/api/queue/tasks?${query}`), 422, 'CURSOR_INVALID', ['/cursor']);
    }
    const logs = await app().http.get(`/api/queue/tasks/1/logs?cursor=${cursor}`);
    expectProblem(logs, 422, 'CURSOR_INVALID', ['/cursor']);
  });

  test('a task that changes its status between two pages is not listed twice, nor are others missed', async () => {
    await enqueueMany(20);
    let next = 20;
    const pages = await follow('/api/queue/tasks?limit=6&status=queued', async () => {
      await app().http.post(`/api/queue/tasks/${next--}/cancel`);
      await app().http.post(`/api/queue/tasks/${next - 15 > 0 ? next - 15 : 1}/cancel`);
    });
    const ids = pages.flat();
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => b - a));
    expect(ids).toEqual(expect.arrayContaining([14, 13, 12, 11, 10, 9, 8, 7, 6]));
  });
});

import { beforeAll, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { api, nextPath, useTestApp } from '../support/test-app.js';

const app = useTestApp({}, 'file');

/** More than one page looks at. */
const MANY = 10_600;

/** Failed tasks, the first and the last by timeout, all others by an error. */
beforeAll(async () => {
  const id = await api.enqueue(app());
  await app().http.post(`/api/queue/tasks/${id}/cancel`);
  const client = new Database(app().file);
  client
    .prepare(
      `insert into tasks (type, status, priority, attempts, max_attempts, payload, compatibility, failure_reason, created_at, updated_at, run_after, finished_at, revision)
       with recursive n(i) as (select 1 union all select i + 1 from n where i < ${MANY})
       select 'mail', 'failed', 100, 1, 5, '{}', '{}', case when i in (1, ${MANY}) then 'timeout' else 'error' end, 0, 0, 0, 0, 1000000 + i from n`,
    )
    .run();
  client.close();
});

async function pages(query: string): Promise<number[][]> {
  const found: number[][] = [];
  for (let path: string | undefined = `/api/queue/tasks?${query}`; path; ) {
    const { status, body, headers } = await app().http.get(path);
    expect(status).toBe(200);
    found.push(body.map(({ task_id }: { task_id: number }) => task_id));
    path = nextPath(headers);
  }
  return found;
}

test('a rare reason ends a page early, and the next pages find the rest', async () => {
  expect(await pages('failure_reason=timeout')).toEqual([[MANY + 1], [2]]);
  expect(await pages('failure_reason=rejected')).toEqual([[], []]);
  expect(await pages('failure_reason=cancelled&type=mail')).toEqual([[], [1]]);
});

test('a frequent one fills its pages, and each task is met once', async () => {
  const found = await pages('failure_reason=error&limit=1000');
  expect(found.slice(0, -1).every((page) => page.length === 1000)).toBe(true);
  expect(found.flat()).toEqual(Array.from({ length: MANY - 2 }, (_, at) => MANY - at));
});

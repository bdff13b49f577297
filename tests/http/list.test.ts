import { beforeAll, describe, expect, test } from '@jest/globals';
import { api, expectProblem, useTestApp } from '../support/test-app.js';

const app = useTestApp({}, 'file');
const ids: number[] = [];
const idsOf = async (query: string): Promise<number[]> =>
  (await api.list(app(), query)).map(({ task_id }: { task_id: number }) => task_id);

/** ids[0] and [1] mail queued, [2] print failed, [3] print queued, [4] mail processing, [5] mail completed */
beforeAll(async () => {
  for (const type of ['mail', 'mail', 'print', 'print']) ids.push(await api.enqueue(app(), { type }));
  for (const priority of [1, 2]) ids.push(await api.enqueue(app(), { priority }));
  await app().http.post(`/api/queue/tasks/${ids[2]}/cancel`);
  const claimed = await api.claim(app(), { limit: 2 });
  await api.report(app(), 'complete', claimed[1]);
});

const at = (...places: number[]) => places.map((place) => ids[place]);

describe('GET /api/queue/tasks', () => {
  test('answers a bare array of task resources, newest first', async () => {
    const response = await app().http.get('/api/queue/tasks');
    expect(response.status).toBe(200);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(await idsOf('')).toEqual(at(5, 4, 3, 2, 1, 0));
    expect(response.body[3]).toEqual(await api.task(app(), ids[2]!));
  });

  test.each([
    ['?status=queued', [3, 1, 0]],
    ['?status=processing', [4]],
    ['?status=completed', [5]],
    ['?status=failed', [2]],
    ['?type=mail', [5, 4, 1, 0]],
    ['?type=mail&status=queued', [1, 0]],
    ['?type=print&status=completed', []],
    ['?type=unheard', []],
    ['?type=Mail', []],
    ['?type=%00', []],
    ['?type=%ff', []],
    ['?type=mai%6C&limit=1', [5]],
    ['?limit=2', [5, 4]],
    ['?limit=1000', [5, 4, 3, 2, 1, 0]],
    ['?status=&type=&limit=', [5, 4, 3, 2, 1, 0]],
    ['?_=1712&_=1713&__proto__=1&status=queued', [3, 1, 0]],
    ['?type=%20mail%09&status=queued', [1, 0]],
    ['?failure_reason=cancelled', [2]],
    ['?failure_reason=cancelled&type=%20print', [2]],
    ['?failure_reason=error', []],
    ['?failure_reason=cancelled&status=queued', []],
  ])('%s', async (query, places) => {
    expect(await idsOf(query)).toEqual(at(...places));
  });

  test('finds the task of an idempotency key', async () => {
    const id = await api.enqueue(app(), { type: 'keyed', idempotency_key: 'a b&c' });
    expect(await idsOf('?idempotency_key=a%20b%26c')).toEqual([id]);
    expect(await idsOf('?idempotency_key=a%20b%26c&type=keyed&status=queued&limit=1')).toEqual([id]);
    expect(await idsOf('?idempotency_key=a%20b%26c&status=failed')).toEqual([]);
    expect(await idsOf('?idempotency_key=a')).toEqual([]);
    await app().http.post(`/api/queue/tasks/${id}/cancel`);
  });

  test('answers 100 unless told otherwise', async () => {
    const tasks = Array.from({ length: 120 }, () => ({ type: 'many' }));
    await app().http.post('/api/queue/enqueue/batch').send({ tasks });
    expect(await idsOf('?type=many')).toHaveLength(100);
    expect(await idsOf('?type=many&limit=110')).toHaveLength(110);
  });

  test.each([
    ['?status=done', '/status'],
    ['?status=Queued', '/status'],
    ['?type=%20', '/type'],
    ['?failure_reason=bogus', '/failure_reason'],
    ['?ids=', '/ids'],
    ['?ids=1&failure_reason=error', '/failure_reason'],
    ['?idempotency_key=', '/idempotency_key'],
    ['?limit=0', '/limit'],
    ['?limit=1001', '/limit'],
    ['?limit=-1', '/limit'],
    ['?limit=1.5', '/limit'],
    ['?limit=ten', '/limit'],
    ['?limit=Infinity', '/limit'],
    ['?limit=99999999999999999999', '/limit'],
  ])('refuses %s', async (query, pointer) => {
    const response = await app().http.get(`/api/queue/tasks${query}`);
    expectProblem(response, 422, 'VALIDATION_FAILED', [pointer]);
  });

  test.each(['status=queued&status=failed', 'type=a&type=a', 'limit=1&limit=1'])(
    'refuses a repeated parameter: %s',
    async (query) => {
      const response = await app().http.get(`/api/queue/tasks?${query}`);
      expectProblem(response, 422, 'VALIDATION_FAILED', [`/${query.split('=')[0]}`]);
      expect(response.body.errors[0].message).toBe('is given more than once');
    },
  );

  test('tells everything that is wrong at once', async () => {
    const response = await app().http.get('/api/queue/tasks?status=x&limit=0');
    expectProblem(response, 422, 'VALIDATION_FAILED', ['/status', '/limit']);
  });
});

import { beforeAll, describe, expect, test } from '@jest/globals';
import { api, expectProblem, useTestApp } from '../support/test-app.js';

const app = useTestApp({}, 'file');

beforeAll(async () => {
  const tasks = Array.from({ length: 1000 }, () => ({ type: 'mail' }));
  await app().http.post('/api/queue/enqueue/batch').send({ tasks });
});

const idsOf = async (query: string): Promise<number[]> =>
  (await api.list(app(), query)).map(({ task_id }: { task_id: number }) => task_id);

describe('GET /api/queue/tasks?ids=', () => {
  test.each([
    ['?ids=3,1,2', [3, 1, 2]],
    ['?ids=7', [7]],
    ['?ids=2,2,1,2', [2, 1]],
    ['?ids=5,99999,4', [5, 4]],
    ['?ids=99999', []],
    ['?ids=5,9007199254740993,123456789012345678901234567890', [5]],
    ['?ids=3%2C1', [3, 1]],
    ['?ids=3,1&status=&type=&limit=&cursor=', [3, 1]],
    ['?ids=1&_=2', [1]],
  ])('%s', async (query, ids) => expect(await idsOf(query)).toEqual(ids));

  test('answers whole tasks, up to a thousand, and no link', async () => {
    const ids = Array.from({ length: 1000 }, (_, at) => 1000 - at);
    const response = await app().http.get(`/api/queue/tasks?ids=${ids}`);
    expect(response.body.map(({ task_id }: { task_id: number }) => task_id)).toEqual(ids);
    expect(await api.task(app(), 1)).toMatchObject(response.body[999]);
    expect(response.headers).not.toHaveProperty('link');
  });

  test('no ids are not all tasks', async () => {
    expectProblem(await app().http.get('/api/queue/tasks?ids='), 422, 'VALIDATION_FAILED', ['/ids']);
  });

  test.each(['0', '-1', '01', '1.5', 'x', ',', '1,', ',1', '1,,2', '1 ,2', '1;2', '1e3', '٣'])(
    'refuses ids=%s',
    async (ids) => {
      const response = await app().http.get('/api/queue/tasks').query({ ids });
      expectProblem(response, 422, 'VALIDATION_FAILED', ['/ids']);
    },
  );

  test('refuses more than a thousand, also when they repeat', async () => {
    const response = await app().http.get(`/api/queue/tasks?ids=${Array(1001).fill(1)}`);
    expectProblem(response, 422, 'VALIDATION_FAILED', ['/ids']);
    expect(response.body.errors[0].message).toBe('must not have more than 1000 ids');
  });

  test.each(['status=queued', 'type=mail', 'idempotency_key=a', 'limit=10', 'cursor=x'])(
    'refuses %s beside them',
    async (other) => {
      const response = await app().http.get(`/api/queue/tasks?ids=1&${other}`);
      expectProblem(response, 422, 'VALIDATION_FAILED', [`/${other.split('=')[0]}`]);
      expect(response.body.errors[0].message).toBe('cannot be combined with ids');
    },
  );

  test('refuses them twice', async () => {
    expectProblem(await app().http.get('/api/queue/tasks?ids=1&ids=2'), 422, 'VALIDATION_FAILED', ['/ids']);
  });
});

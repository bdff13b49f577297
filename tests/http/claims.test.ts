import { describe, expect, test } from '@jest/globals';
import { api, expectProblem, useTestApp } from '../support/test-app.js';

const idsOf = (tasks: { task_id: number }[]): number[] => tasks.map(({ task_id }) => task_id);

describe('POST /api/queue/claims', () => {
  const app = useTestApp();

  test('hands out a task with its lease token', async () => {
    const id = await api.enqueue(app(), { payload: { n: 1 } });
    const response = await app().http.post('/api/queue/claims').send({ worker_id: ' w-1 ' });
    expect(response.status).toBe(200);
    expect(Object.keys(response.body)).toEqual(['tasks']);
    const { lease_token: token, traceparent, ...task } = response.body.tasks[0];
    expect(token).toEqual(expect.any(String));
    expect(traceparent).toBe(null);
    expect(task).toEqual(await api.task(app(), id));
    expect(task).toMatchObject({
      status: 'processing',
      attempts: 1,
      locked_by: 'w-1',
      processing_started_utc: '2025-11-05T12:00:00.000Z',
      lease_until_utc: '2025-11-05T12:01:00.000Z',
    });
    expect(Object.keys(response.body.tasks[0])).toEqual([...Object.keys(task), 'lease_token', 'traceparent']);
  });

  test('hands out nothing when there is nothing', async () => {
    expect(await api.claim(app())).toEqual([]);
  });

  test('hands out one unless asked for more, each task once', async () => {
    const ids = [await api.enqueue(app()), await api.enqueue(app()), await api.enqueue(app())];
    const first = await api.claim(app());
    const others = await api.claim(app(), { limit: 100 });
    expect(idsOf([...first, ...others])).toEqual(ids);
    expect(await api.claim(app())).toEqual([]);
  });

  test.each([
    ['priority', [1, 0, 2]],
    ['fifo', [0, 1, 2]],
    ['lifo', [2, 1, 0]],
  ])('goes by the strategy %s', async (strategy, order) => {
    const ids: number[] = [];
    for (const priority of [5, 1, 5]) ids.push(await api.enqueue(app(), { priority }));
    const claimed = await api.claim(app(), { limit: 3, strategy });
    expect(idsOf(claimed)).toEqual(order.map((place) => ids[place]));
  });

  test('knows weighted_random too', async () => {
    for (let n = 0; n < 5; n++) await api.enqueue(app());
    expect(await api.claim(app(), { limit: 5, strategy: 'weighted_random' })).toHaveLength(5);
  });

  test('hands out only the types asked for', async () => {
    const mail = await api.enqueue(app(), { type: 'mail' });
    await api.enqueue(app(), { type: 'print' });
    expect(idsOf(await api.claim(app(), { types: ['fax', ' mail '], limit: 9 }))).toEqual([mail]);
  });

  test('hands out only what the capabilities meet', async () => {
    const anywhere = await api.enqueue(app());
    const west = await api.enqueue(app(), { compatibility: { region: 'us-west' } });
    expect(idsOf(await api.claim(app(), { limit: 9, capabilities: { region: 'us-east' } }))).toEqual([
      anywhere,
    ]);
    const offers = { region: ['us-east', 'us-west'] };
    expect(idsOf(await api.claim(app(), { limit: 9, capabilities: offers }))).toEqual([west]);
  });

  test('leases for as long as asked for', async () => {
    await api.enqueue(app());
    const [task] = await api.claim(app(), { lease_seconds: 5 });
    expect(task.lease_until_utc).toBe('2025-11-05T12:00:05.000Z');
  });
});

describe('POST /api/queue/claims refuses', () => {
  const app = useTestApp({}, 'file');

  test.each([
    [{}, '/worker_id'],
    [{ worker_id: '' }, '/worker_id'],
    [{ worker_id: 'x'.repeat(201) }, '/worker_id'],
    [{ worker_id: 'a\u0007b' }, '/worker_id'],
    [{ worker_id: 'w', types: [] }, '/types'],
    [{ worker_id: 'w', types: null }, '/types'],
    [{ worker_id: 'w', types: 'mail' }, '/types'],
    [{ worker_id: 'w', types: ['ok', ''] }, '/types/1'],
    [{ worker_id: 'w', capabilities: [] }, '/capabilities'],
    [{ worker_id: 'w', capabilities: null }, '/capabilities'],
    [{ worker_id: 'w', limit: 0 }, '/limit'],
    [{ worker_id: 'w', limit: 101 }, '/limit'],
    [{ worker_id: 'w', limit: '1' }, '/limit'],
    [{ worker_id: 'w', lease_seconds: 4 }, '/lease_seconds'],
    [{ worker_id: 'w', lease_seconds: 3601 }, '/lease_seconds'],
    [{ worker_id: 'w', strategy: 'random' }, '/strategy'],
    [{ worker_id: 'w', wait: -1 }, '/wait'],
    [{ worker_id: 'w', wait: 61 }, '/wait'],
    [{ worker_id: 'w', waits: 1 }, '/waits'],
  ])('%j', async (body, pointer) => {
    await api.enqueue(app());
    const before = await api.stats(app());
    const response = await app().http.post('/api/queue/claims').send(body);
    expectProblem(response, 422, 'VALIDATION_FAILED', [pointer]);
    expect(await api.stats(app())).toEqual(before);
  });
});

import { describe, expect, test } from '@jest/globals';
import { api, expectProblem, useTestApp } from '../support/test-app.js';

const app = useTestApp();
const enqueueBatch = (tasks: unknown) => app().http.post('/api/queue/enqueue/batch').send({ tasks });

describe('POST /api/queue/enqueue/batch', () => {
  test('enqueues all, in order', async () => {
    const response = await enqueueBatch([
      { type: 'a', priority: 3, payload: { n: 1 } },
      { type: 'b' },
      { type: 'c', run_after_utc: '2030-01-01T00:00:00Z' },
    ]);
    expect(response.status).toBe(201);
    expect(Object.keys(response.body)).toEqual(['tasks']);
    const ids = response.body.tasks.map(({ task_id }: { task_id: number }) => task_id);
    expect(response.body.tasks[1]).toEqual({
      task_id: ids[1],
      status: 'queued',
      created_at_utc: '2025-11-05T12:00:00.000Z',
      message: 'Task enqueued successfully',
    });
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    const list = await api.list(app());
    expect(list.map(({ type }: { type: string }) => type)).toEqual(['c', 'b', 'a']);
    expect(list[2]).toMatchObject({ priority: 3, payload: { n: 1 } });
  });

  test('takes a thousand', async () => {
    const response = await enqueueBatch(Array.from({ length: 1000 }, () => ({ type: 'a' })));
    expect(response.status).toBe(201);
    expect((await api.stats(app())).queued_tasks).toBe(1000);
  });

  test('names a bad item by its index, and enqueues none', async () => {
    const good = { type: 'a' };
    const response = await enqueueBatch([good, good, good, { type: 'a', priority: 0 }, good, { typo: 1 }]);
    expectProblem(response, 422, 'VALIDATION_FAILED', [
      '/tasks/3/priority',
      '/tasks/5/type',
      '/tasks/5/typo',
    ]);
    expect(await api.list(app())).toEqual([]);
  });

  test('points into the payload of a bad item', async () => {
    const response = await app()
      .http.post('/api/queue/enqueue/batch')
      .type('json')
      .send('{"tasks":[{"type":"a"},{"type":"b","payload":{"x":[0,"\\ud800"]}}]}');
    expectProblem(response, 422, 'VALIDATION_FAILED', ['/tasks/1/payload/x/1']);
  });

  test.each([
    ['no tasks', [], '/tasks'],
    ['more than a thousand', Array.from({ length: 1001 }, () => ({ type: 'a' })), '/tasks'],
    ['far too many, without a look at them', Array.from({ length: 5000 }, () => ({})), '/tasks'],
    ['an object', { 0: { type: 'a' } }, '/tasks'],
    ['null', null, '/tasks'],
    ['an item that is null', [null], '/tasks/0'],
    ['an item that is an array', [[]], '/tasks/0'],
  ])('refuses %s', async (_what, tasks, pointer) => {
    expectProblem(await enqueueBatch(tasks), 422, 'VALIDATION_FAILED', [pointer]);
  });

  test('refuses a field beside tasks', async () => {
    const response = await app()
      .http.post('/api/queue/enqueue/batch')
      .send({ tasks: [{ type: 'a' }], atomic: true });
    expectProblem(response, 422, 'VALIDATION_FAILED', ['/atomic']);
  });

  test('makes one task of the same key and request twice', async () => {
    const item = { type: 'a', idempotency_key: 'k' };
    const { tasks } = (await enqueueBatch([item, { type: 'b' }, item])).body;
    expect(tasks[2]).toMatchObject({
      task_id: tasks[0].task_id,
      message: 'Task already exists (idempotency key match)',
    });
    expect(await api.list(app())).toHaveLength(2);
  });

  test('enqueues none where one key comes with two requests', async () => {
    const response = await enqueueBatch([
      { type: 'a', idempotency_key: 'k' },
      { type: 'b', idempotency_key: 'k' },
    ]);
    expectProblem(response, 422, 'IDEMPOTENCY_KEY_REUSED', ['/tasks/1']);
    expect(response.body.detail).toBe(
      'The idempotency key belongs to task 0 of the same batch, counted from 0, with a different request',
    );
    expect(await api.list(app())).toEqual([]);
    // What was there before is named by its id.
    const id = await api.enqueue(app(), { type: 'a', idempotency_key: 'k' });
    const again = await enqueueBatch([{ type: 'b', idempotency_key: 'k' }]);
    expect(again.body.detail).toContain(`task ${id} with a different request`);
  });

  test('answers with the tasks that were there before', async () => {
    const before = await api.enqueue(app(), { type: 'a', idempotency_key: 'k' });
    const { tasks } = (await enqueueBatch([{ type: 'a', idempotency_key: 'k' }])).body;
    expect(tasks[0].task_id).toBe(before);
  });

  test('refuses the Idempotency-Key header, which could name only one task', async () => {
    const response = await enqueueBatch([{ type: 'a' }]).set('Idempotency-Key', 'k');
    expectProblem(response, 422, 'VALIDATION_FAILED', ['/idempotency-key']);
    expect(response.body.detail).toContain('give each task its own');
  });
});

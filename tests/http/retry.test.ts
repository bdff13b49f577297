import { describe, expect, test } from '@jest/globals';
import { api, expectProblem, useTestApp } from '../support/test-app.js';

const app = useTestApp({}, 'file');
const retry = (id: number | string) => app().http.post(`/api/queue/tasks/${id}/retry`);

describe('POST /api/queue/tasks/{task_id}/retry', () => {
  test.each([
    ['completed', 'complete', { result: 42 }],
    ['failed', 'fail', { error_message: 'no', retry: false }],
  ])('queues a %s task again, as if fresh', async (type, action, fields) => {
    const id = await api.enqueue(app(), { type });
    const [task] = await api.claim(app(), { types: [type] });
    await api.report(app(), action, task, fields);
    app().clock.advance(5000);
    const response = await retry(id);
    expect(response.status).toBe(200);
    expect(response.body).toEqual({ task_id: id, status: 'queued', message: 'Task queued again' });
    expect(await api.task(app(), id)).toMatchObject({
      status: 'queued',
      attempts: 0,
      result: null,
      progress: null,
      error_message: null,
      failure_reason: null,
      finished_at_utc: null,
      locked_by: null,
      run_after_utc: new Date(app().clock.now()).toISOString(),
      done: false,
    });
    expect(await api.claim(app(), { types: [type] })).toHaveLength(1);
  });

  test('answers 409 for a live task', async () => {
    const id = await api.enqueue(app(), { type: 'live' });
    expectProblem(await retry(id), 409, 'TASK_NOT_FINISHED');
    await api.claim(app(), { types: ['live'] });
    expectProblem(await retry(id), 409, 'TASK_NOT_FINISHED');
  });

  test('answers 404 for an unknown task and 422 for what is no id', async () => {
    expectProblem(await retry(99_999), 404, 'TASK_NOT_FOUND');
    expectProblem(await retry('x'), 422, 'VALIDATION_FAILED', ['/task_id']);
  });
});

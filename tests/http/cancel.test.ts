import { describe, expect, test } from '@jest/globals';
import { api, expectProblem, useTestApp } from '../support/test-app.js';

const app = useTestApp({}, 'file');
const cancel = (id: number | string) => app().http.post(`/api/queue/tasks/${id}/cancel`);

describe('POST /api/queue/tasks/{task_id}/cancel', () => {
  test('fails a queued task', async () => {
    const id = await api.enqueue(app());
    const response = await cancel(id);
    expect(response.status).toBe(200);
    expect(response.body).toEqual({ task_id: id, status: 'failed', message: 'Task cancelled successfully' });
    expect(await api.task(app(), id)).toMatchObject({
      status: 'failed',
      failure_reason: 'cancelled',
      error_message: 'Cancelled by user',
      finished_at_utc: '2025-11-05T12:00:00.000Z',
      done: true,
    });
  });

  test('fails a task that is being processed, and its worker can settle no more', async () => {
    const id = await api.enqueue(app(), { type: 'held' });
    const [task] = await api.claim(app(), { types: ['held'] });
    expect((await cancel(id)).body.status).toBe('failed');
    const settled = await app()
      .http.post(`/api/queue/tasks/${id}/complete`)
      .send({ lease_token: task.lease_token });
    expectProblem(settled, 409, 'LEASE_LOST');
    expect(settled.body.detail).toMatch(/cancelled/);
    expect(await api.task(app(), id)).toMatchObject({ status: 'failed', lease_until_utc: null });
  });

  test.each([
    ['completed', 'complete', {}],
    ['failed', 'fail', { error_message: 'no', retry: false }],
  ])('changes nothing of a %s task', async (status, action, fields) => {
    const id = await api.enqueue(app(), { type: status });
    const [task] = await api.claim(app(), { types: [status] });
    const before = await api.report(app(), action, task, fields);
    app().clock.advance(1000);
    const response = await cancel(id);
    expect(response.status).toBe(200);
    expect(response.body).toEqual({
      task_id: id,
      status,
      message: `Task already ${status}, cannot cancel`,
    });
    expect(await api.task(app(), id)).toEqual(before);
  });

  test('ignores a body, whatever it is', async () => {
    const id = await api.enqueue(app());
    const response = await cancel(id).set('Content-Type', 'text/plain').send('whatever');
    expect(response.status).toBe(200);
  });

  test('answers 404 for an unknown task and 422 for what is no id', async () => {
    expectProblem(await cancel(99_999), 404, 'TASK_NOT_FOUND');
    expectProblem(await cancel('99999999999999999999'), 404, 'TASK_NOT_FOUND');
    expectProblem(await cancel('x'), 422, 'VALIDATION_FAILED', ['/task_id']);
  });
});

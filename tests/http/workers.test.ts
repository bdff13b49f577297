import { describe, expect, test } from '@jest/globals';
import { api, useTestApp } from '../support/test-app.js';

const app = useTestApp();

describe('GET /api/queue/workers', () => {
  test('answers an empty array before there are any', async () => {
    const response = await app().http.get('/api/queue/workers');
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.text).toBe('[]');
  });

  test('shows a worker over HTTP from its first claim on', async () => {
    const ids = [await api.enqueue(app()), await api.enqueue(app())];
    await api.claim(app(), { worker_id: 'py', types: ['mail'], capabilities: { gpu: true }, limit: 5 });
    const [worker] = await api.workers(app());
    expect(worker).toEqual({
      worker_id: 'py',
      host: null,
      pid: null,
      version: null,
      types: ['mail'],
      capabilities: { gpu: true },
      slots: 5,
      held_task_ids: ids,
      started_at_utc: '2025-11-05T12:00:00.000Z',
      last_heartbeat_utc: '2025-11-05T12:00:00.000Z',
      live: true,
      state: 'live',
      overdue: 0,
    });
    expect(Object.keys(worker).at(0)).toBe('worker_id');
  });

  test('shows a worker that may run any type, and found nothing', async () => {
    await api.claim(app(), { worker_id: 'idle' });
    expect(await api.workers(app())).toMatchObject([{ worker_id: 'idle', types: null, held_task_ids: [] }]);
  });

  test('counts a worker as gone when its lease has passed without a word', async () => {
    await api.claim(app(), { worker_id: 'w', lease_seconds: 10 });
    app().clock.advance(10_000);
    expect(await api.workers(app())).toMatchObject([{ live: true }]);
    app().clock.advance(1);
    expect(await api.workers(app())).toMatchObject([{ live: false, state: 'gone' }]);
    await api.claim(app(), { worker_id: 'w', lease_seconds: 10 });
    expect(await api.workers(app())).toMatchObject([
      {
        live: true,
        started_at_utc: '2025-11-05T12:00:00.000Z',
        last_heartbeat_utc: '2025-11-05T12:00:10.001Z',
      },
    ]);
  });

  test('counts a heartbeat of a task as a word of its worker', async () => {
    await api.enqueue(app());
    const [task] = await api.claim(app(), { worker_id: 'w', lease_seconds: 10 });
    app().clock.advance(9000);
    await api.report(app(), 'heartbeat', task, { lease_seconds: 100 });
    app().clock.advance(90_000);
    expect(await api.workers(app())).toMatchObject([
      { live: true, last_heartbeat_utc: '2025-11-05T12:00:09.000Z' },
    ]);
  });
});

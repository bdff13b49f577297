import { describe, expect, test } from '@jest/globals';
import { api, useTestApp } from '../support/test-app.js';

const app = useTestApp();

describe('GET /api/queue/stats/due', () => {
  const due = async () => (await app().http.get('/api/queue/stats/due')).body;

  test('tells since when a due task waits, and nothing of what is scheduled for later', async () => {
    expect(await due()).toEqual({ oldest_due_age_seconds: null });
    await api.enqueue(app(), { run_after_utc: '2099-01-01T00:00:00Z' });
    app().clock.advance(60_000);
    expect(await due()).toEqual({ oldest_due_age_seconds: null });
    expect((await api.stats(app())).oldest_queued_age_seconds).toBe(60);
    await api.enqueue(app());
    app().clock.advance(2_500);
    expect(await due()).toEqual({ oldest_due_age_seconds: 2.5 });
  });
});

describe('GET /api/queue/stats', () => {
  test('answers exactly six fields, all zero and null on an empty queue', async () => {
    const response = await app().http.get('/api/queue/stats');
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.text).toBe(
      '{"total_tasks":0,"queued_tasks":0,"processing_tasks":0,"completed_tasks":0,"failed_tasks":0,"oldest_queued_age_seconds":null}',
    );
  });

  test('counts every status and tells the age of the oldest queued task', async () => {
    await api.enqueue(app(), { priority: 1 });
    await api.enqueue(app(), { priority: 2 });
    app().clock.advance(1000);
    const cancelled = await api.enqueue(app());
    await api.enqueue(app());
    await api.enqueue(app(), { run_after_utc: '2030-01-01T00:00:00Z' });
    await app().http.post(`/api/queue/tasks/${cancelled}/cancel`);
    const claimed = await api.claim(app(), { limit: 2 });
    await api.report(app(), 'complete', claimed[0]);
    app().clock.advance(2500);
    expect(await api.stats(app())).toEqual({
      total_tasks: 5,
      queued_tasks: 2,
      processing_tasks: 1,
      completed_tasks: 1,
      failed_tasks: 1,
      oldest_queued_age_seconds: 2.5,
    });
  });

  test('never tells a negative age, also when the clock was set back', async () => {
    await api.enqueue(app());
    app().clock.advance(-60_000);
    expect((await api.stats(app())).oldest_queued_age_seconds).toBe(0);
  });
});

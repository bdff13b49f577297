import { beforeEach, describe, expect, test } from '@jest/globals';
import { api, useTestApp } from '../support/test-app.js';

const app = useTestApp();

const estimateOf = async (id: number): Promise<string | null> =>
  (await app().http.get(`/api/queue/tasks/${id}`)).body.estimated_start_utc;

/** A worker of mail that offers a GPU in Europe, and has just started something. */
beforeEach(async () => {
  await api.enqueue(app(), { type: 'mail' });
  await api.claim(app(), { types: ['mail'], capabilities: { gpu: true, region: ['eu'] }, lease_seconds: 60 });
});

describe('when a task is likely to start', () => {
  test.each<[string, object]>([
    ['of its type', { type: 'mail' }],
    ['that offers what it requires', { type: 'mail', compatibility: { region: 'eu', gpu: true } }],
  ])('is said where a live worker takes it: one %s', async (_, fields) => {
    const id = await api.enqueue(app(), fields);
    expect(await estimateOf(id)).toEqual(expect.stringMatching(/^2025-11-05T12:0/));
  });

  test.each<[string, object]>([
    ['serves its type', { type: 'video' }],
    ['offers what it requires', { type: 'mail', compatibility: { region: 'us' } }],
    ['does both', { type: 'video', compatibility: { gpu: true } }],
  ])('is null where no live worker %s', async (_, fields) => {
    const id = await api.enqueue(app(), fields);
    expect(await estimateOf(id)).toBe(null);
    expect((await app().app.queue.get(id)).estimatedStart).toBe(null);
  });

  test('is null once the last worker is gone, and said again when one comes', async () => {
    const id = await api.enqueue(app(), { type: 'mail', compatibility: { gpu: true } });
    expect(await estimateOf(id)).not.toBe(null);
    app().clock.advance(61_000);
    expect(await estimateOf(id)).toBe(null);
    await api.claim(app(), { worker_id: 'another', types: ['none', 'mail'], capabilities: { gpu: false } });
    app().clock.advance(1_000);
    expect(await estimateOf(id)).toBe(null);
    await api.claim(app(), {
      worker_id: 'third',
      types: ['video', 'mail'],
      capabilities: { gpu: true },
      limit: 1,
    });
    const next = await api.enqueue(app(), { type: 'mail', compatibility: { gpu: true } });
    app().clock.advance(1_000);
    expect(await estimateOf(next)).not.toBe(null);
  });
});

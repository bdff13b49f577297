import { describe, expect, test } from '@jest/globals';
import { api, expectProblem, useTestApp } from '../support/test-app.js';

// The app's clock stands at 2025-11-05T12:00:00Z.
const app = useTestApp({}, 'file');
const enqueueAt = (run_after_utc: unknown, type = 'mail') =>
  app().http.post('/api/queue/enqueue').send({ type, run_after_utc });

describe('run_after_utc', () => {
  test.each([
    ['2025-11-05T19:35:00Z', '2025-11-05T19:35:00.000Z'],
    ['2025-11-05T19:35:00', '2025-11-05T19:35:00.000Z'],
    ['2025-11-05 19:35:00', '2025-11-05T19:35:00.000Z'],
    ['2025-11-05t19:35:00z', '2025-11-05T19:35:00.000Z'],
    ['2025-11-05T19:35:00+09:00', '2025-11-05T10:35:00.000Z'],
    ['2025-11-05T19:35:00-08:00', '2025-11-06T03:35:00.000Z'],
    ['2025-11-05T19:35:00.1239999Z', '2025-11-05T19:35:00.123Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', async (text, instant) => {
    const response = await enqueueAt(text);
    expect(response.status).toBe(201);
    expect((await api.task(app(), response.body.task_id)).run_after_utc).toBe(instant);
  });

  test.each([
    '2025-11-05',
    '19:35:00',
    '2025-02-29T00:00:00Z',
    '2025-11-05T24:00:00Z',
    '2025-11-05T19:35:60Z',
    '2025-11-05T19:35:00+24:00',
    '2025-11-05T19:35:00+0900',
    '2025-11-05T19:35:00 Europe/Berlin',
    '1969-12-31T23:59:59Z',
    '1970-01-01T00:00:00+01:00',
    '10000-01-01T00:00:00Z',
    '9999-12-31T23:59:59-01:00',
    ' 2025-11-05T19:35:00Z',
    'tomorrow',
    '',
    1_762_371_300,
    true,
    {},
  ])('%p is refused', async (value) => {
    expectProblem(await enqueueAt(value, 'refused'), 422, 'VALIDATION_FAILED', ['/run_after_utc']);
    expect(await api.list(app(), '?type=refused')).toEqual([]);
  });

  test.each([
    ['absent', undefined, 0],
    ['null', null, 0],
    ['in the past', '2020-01-01T00:00:00Z', 0],
    ['without a zone', '2025-11-05T13:00:00', 3600],
    ['with +09:00', '2025-11-05T22:00:00+09:00', 3600],
    ['with -08:00', '2025-11-05T05:00:00-08:00', 3600],
  ])('%s: claimed at the right instant, not before', async (what, value, seconds) => {
    expect((await enqueueAt(value, what)).status).toBe(201);
    if (seconds > 0) {
      app().clock.advance(seconds * 1000 - 1);
      expect(await api.claim(app(), { types: [what] })).toEqual([]);
      app().clock.advance(1);
    }
    expect(await api.claim(app(), { types: [what] })).toHaveLength(1);
  });

  test('scheduled is queued, and counted so', async () => {
    const id = (await enqueueAt('2030-01-01T00:00:00Z')).body.task_id;
    expect(await api.task(app(), id)).toMatchObject({ status: 'queued', done: false });
  });
});

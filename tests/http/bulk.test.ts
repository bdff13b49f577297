import { describe, expect, test } from '@jest/globals';
import { api, expectProblem, useTestApp } from '../support/test-app.js';

const app = useTestApp();

const bulk = (action: string, body: object) => app().http.post(`/api/queue/bulk/${action}`).send(body);

async function enqueue(count: number, fields: object = {}): Promise<void> {
  const tasks = Array.from({ length: count }, () => ({ type: 'mail', ...fields }));
  await app().http.post('/api/queue/enqueue/batch').send({ tasks }).expect(201);
}

describe('POST /api/queue/bulk/{action}', () => {
  test('counts first, then does as many as were confirmed', async () => {
    await enqueue(3);
    await enqueue(2, { type: 'fax' });
    const filter = { type: 'mail' };
    expect((await bulk('cancel', { filter })).body).toEqual({
      matched: 3,
      failure_reasons: null,
      cancelled_left_out: 0,
      done: 0,
      cursor: null,
      message: '3 tasks match; nothing was changed',
    });
    expect((await api.stats(app())).queued_tasks).toBe(5);
    const { status, body } = await bulk('cancel', { filter, expected: 3 });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        matched: 3,
        failure_reasons: null,
        cancelled_left_out: 0,
        done: 3,
        cursor: null,
        message: '3 tasks cancelled',
      },
    });
    expect(await api.stats(app())).toMatchObject({ queued_tasks: 2, failed_tasks: 3 });
    const retried = await bulk('retry', { filter: { failure_reason: 'cancelled' }, expected: 3 });
    expect(retried.body).toMatchObject({ done: 3, message: '3 tasks queued again' });
    await bulk('cancel', { filter: { ids: [1, 2] }, expected: 2 });
    expect((await bulk('delete', { filter: { all: true }, expected: 2 })).body).toMatchObject({ done: 2 });
    expectProblem(await app().http.get('/api/queue/tasks/1'), 404, 'TASK_NOT_FOUND');
  });

  test('a retry says why tasks have failed, and leaves out those that somebody cancelled', async () => {
    await enqueue(3);
    await api.report(app(), 'fail', (await api.claim(app()))[0], { error_message: 'no', retry: false });
    await bulk('cancel', { filter: { all: true }, expected: 2 });
    const filter = { status: 'failed' };
    const counted = { matched: 1, failure_reasons: { rejected: 1 }, cancelled_left_out: 2 };
    expect((await bulk('retry', { filter })).body).toMatchObject({
      ...counted,
      message:
        '1 task matches; nothing was changed. Not included: 2 cancelled; set failure_reason to include them',
    });
    expect((await bulk('retry', { filter, expected: 1 })).body).toMatchObject({ ...counted, done: 1 });
    expect(await api.stats(app())).toMatchObject({ queued_tasks: 1, failed_tasks: 2 });
    const { body } = await bulk('retry', { filter: { failure_reason: 'cancelled' }, expected: 2 });
    expect(body).toMatchObject({ failure_reasons: { cancelled: 2 }, cancelled_left_out: 0, done: 2 });
  });

  test('more than were expected is a 409 with the new number', async () => {
    await enqueue(3);
    const refused = await bulk('cancel', { filter: { all: true }, expected: 2 });
    expectProblem(refused, 409, 'COUNT_CHANGED');
    expect(refused.body.detail).toMatch(/^3 tasks match, more than the 2 /);
    expect((await api.stats(app())).queued_tasks).toBe(3);
  });

  test('fewer than were expected are done', async () => {
    await enqueue(2);
    expect((await bulk('cancel', { filter: { all: true }, expected: 9 })).body).toMatchObject({
      matched: 2,
      done: 2,
      cursor: null,
    });
  });

  test('instants are those of the rest of the API', async () => {
    await enqueue(1);
    app().clock.advance(60_000);
    await enqueue(1);
    const match = async (filter: object) => (await bulk('cancel', { filter })).body.matched;
    expect(await match({ created_before_utc: '2025-11-05T12:01:00Z' })).toBe(1);
    expect(await match({ created_after_utc: '2025-11-05T13:00:00+01:00' })).toBe(1);
    expect(await match({ created_after_utc: '2025-11-05 11:59:59.999' })).toBe(2);
  });

  test.each<[string, object, string[]]>([
    ['cancel', {}, ['/filter']],
    ['cancel', { filter: {} }, ['/filter']],
    ['cancel', { filter: { all: false } }, ['/filter/all']],
    ['cancel', { filter: { type: 'mail' }, expected: -1 }, ['/expected']],
    ['cancel', { filter: { type: 'mail' }, expected: '3' }, ['/expected']],
    ['cancel', { filter: { typ: 'mail' } }, ['/filter/typ']],
    ['cancel', { filter: { status: 'completed' } }, ['/filter/status']],
    ['cancel', { filter: { failure_reason: 'error' } }, ['/filter/failure_reason']],
    ['retry', { filter: { status: 'queued' } }, ['/filter/status']],
    ['retry', { filter: { failure_reason: 'no' } }, ['/filter/failure_reason']],
    ['delete', { filter: { status: 'processing' } }, ['/filter/status']],
    ['cancel', { filter: { type: 'mail' }, dry_run: true }, ['/dry_run']],
    ['delete', { filter: { ids: [] } }, ['/filter/ids']],
    ['delete', { filter: { ids: [0] } }, ['/filter/ids/0']],
    ['delete', { filter: { created_before_utc: 'yesterday' } }, ['/filter/created_before_utc']],
  ])('%s %j is refused', async (action, body, pointers) => {
    expectProblem(await bulk(action, body), 422, 'VALIDATION_FAILED', pointers);
  });

  test('the audit log has one entry for the request, with its filter and how many were done', async () => {
    await enqueue(450);
    await bulk('cancel', { filter: { type: 'mail', created_after_utc: '2025-11-05' }, expected: 450 });
    const filter = { type: 'mail', created_after_utc: '2025-11-05T11:00:00Z' };
    await bulk('cancel', { filter });
    await bulk('cancel', { filter, expected: 500 });
    const { body } = await app().http.get('/api/audit?limit=10');
    expect(body).toEqual([
      expect.objectContaining({
        action: 'bulk cancel',
        outcome: 'cancelled',
        task_id: null,
        request_id: expect.any(String),
        details: {
          filter: { type: 'mail', created_after_utc: '2025-11-05T11:00:00.000Z' },
          expected: 500,
          done: 450,
        },
      }),
      expect.objectContaining({ action: 'enqueue' }),
    ]);
  });

  test('a cursor that no answer has given is refused', async () => {
    expectProblem(
      await bulk('cancel', { filter: { all: true }, expected: 1, cursor: 'x' }),
      422,
      'CURSOR_INVALID',
      ['/cursor'],
    );
  });
});

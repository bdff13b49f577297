import { describe, expect, test } from '@jest/globals';
import { api, expectProblem, useTestApp } from '../support/test-app.js';

const app = useTestApp({ random: () => 0.5 }, 'file');

let types = 0;

/** A task of a type of its own that worker-1 holds for a minute. */
async function claimed(fields: object = {}) {
  const type = `type-${types++}`;
  await api.enqueue(app(), { type, ...fields });
  return reclaimed({ type });
}

/** The same task after it was queued again. */
async function reclaimed({ type }: { type: string }, worker_id = 'worker-1') {
  const [task] = await api.claim(app(), { types: [type], worker_id });
  return task;
}

const tell = (
  action: string,
  { task_id, lease_token }: { task_id: number; lease_token: string },
  fields = {},
) =>
  app()
    .http.post(`/api/queue/tasks/${task_id}/${action}`)
    .send({ lease_token, ...fields });

const now = (): string => new Date(app().clock.now()).toISOString();

describe('heartbeat', () => {
  test('renews by the claim’s length', async () => {
    const task = await claimed();
    app().clock.advance(50_000);
    const response = await tell('heartbeat', task);
    expect(response.status).toBe(200);
    expect(response.body).toEqual({ lease_until_utc: '2025-11-05T12:01:50.000Z' });
    expect((await api.task(app(), task.task_id)).lease_until_utc).toBe('2025-11-05T12:01:50.000Z');
  });

  test('renews by another length from then on', async () => {
    const task = await claimed();
    expect((await api.report(app(), 'heartbeat', task, { lease_seconds: 3600 })).lease_until_utc).toBe(
      '2025-11-05T13:00:00.000Z',
    );
    app().clock.advance(60_000);
    expect((await api.report(app(), 'heartbeat', task)).lease_until_utc).toBe('2025-11-05T13:01:00.000Z');
  });

  test('takes progress, a message, or both', async () => {
    const task = await claimed();
    const progress = async (fields: object) => {
      await api.report(app(), 'heartbeat', task, fields);
      const { progress: percent, progress_message: message } = await api.task(app(), task.task_id);
      return [percent, message];
    };
    expect(await progress({ progress_message: 'starting' })).toEqual([null, 'starting']);
    expect(await progress({ progress: 12.5, progress_message: 'é😀' })).toEqual([12.5, 'é😀']);
    expect(await progress({})).toEqual([12.5, 'é😀']);
    expect(await progress({ progress_message: 'half' })).toEqual([12.5, 'half']);
    expect(await progress({ progress: 100 })).toEqual([100, null]);
    expect(await progress({ progress: 0 })).toEqual([0, null]);
  });

  test.each([
    [{ progress: -1 }, '/progress'],
    [{ progress: 100.1 }, '/progress'],
    [{ progress: '50' }, '/progress'],
    [{ progress: null }, '/progress'],
    [{ progress_message: 5 }, '/progress_message'],
    [{ progress_message: null }, '/progress_message'],
    [{ lease_seconds: 4.9 }, '/lease_seconds'],
    [{ lease_seconds: 3601 }, '/lease_seconds'],
    [{ lease_token: '' }, '/lease_token'],
    [{ lease_token: null }, '/lease_token'],
    [{ lease_token: undefined }, '/lease_token'],
    [{ extra: 1 }, '/extra'],
  ])('refuses %j', async (fields, pointer) => {
    const response = await tell('heartbeat', { task_id: 1, lease_token: 't' }, fields);
    expectProblem(response, 422, 'VALIDATION_FAILED', [pointer]);
  });
});

describe('complete', () => {
  test.each([[{ a: [1, null] }], ['text'], [0], [false], [[]], ['😀'], [null], [undefined]])(
    'stores the result %j',
    async (result) => {
      const task = await claimed();
      const response = await tell('complete', task, { result });
      expect(response.status).toBe(200);
      expect(response.body).toMatchObject({
        status: 'completed',
        result: result ?? null,
        progress: 100,
        error_message: null,
        lease_until_utc: null,
        locked_by: 'worker-1',
        finished_at_utc: now(),
        done: true,
      });
      expect(await api.task(app(), task.task_id)).toEqual(response.body);
    },
  );

  test('refuses a result that cannot be stored', async () => {
    const response = await app()
      .http.post('/api/queue/tasks/1/complete')
      .type('json')
      .send('{"lease_token":"t","result":[{"x":"\\ud800"}]}');
    expectProblem(response, 422, 'VALIDATION_FAILED', ['/result/0/x']);
  });
});

describe('fail', () => {
  test('queues the task again, after the usual backoff', async () => {
    const task = await claimed();
    const first = await tell('fail', task, { error_message: 'no network' });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      status: 'queued',
      attempts: 1,
      error_message: 'no network',
      failure_reason: null,
      progress: null,
      processing_started_utc: null,
      locked_by: null,
      lease_until_utc: null,
      run_after_utc: '2025-11-05T12:00:01.000Z',
      done: false,
    });
    app().clock.advance(1000);
    const again = await reclaimed(task);
    const second = await tell('fail', again, { error_message: 'still none' });
    expect(second.body.run_after_utc).toBe('2025-11-05T12:00:03.000Z');
  });

  test('queues the task again after the delay asked for', async () => {
    const task = await claimed();
    const response = await tell('fail', task, { error_message: 'busy', retry_after_seconds: 90.5 });
    expect(response.body.run_after_utc).toBe('2025-11-05T12:01:30.500Z');
  });

  test('is final when no attempts are left', async () => {
    const task = await claimed({ max_attempts: 1 });
    const response = await tell('fail', task, { error_message: 'no' });
    expect(response.body).toMatchObject({
      status: 'failed',
      failure_reason: 'error',
      error_message: 'no',
      locked_by: 'worker-1',
      done: true,
    });
  });

  test('is final when the worker says so', async () => {
    const task = await claimed();
    const response = await tell('fail', task, { error_message: 'bad input', retry: false });
    expect(response.body).toMatchObject({ status: 'failed', failure_reason: 'rejected' });
  });

  test('keeps ten thousand characters of a message, and says something for an empty one', async () => {
    const long = await claimed({ max_attempts: 1 });
    const { body } = await tell('fail', long, { error_message: 'x'.repeat(20_000) });
    expect(body.error_message).toBe(`${'x'.repeat(9_993)}… (cut)`);
    const empty = await claimed({ max_attempts: 1 });
    expect((await tell('fail', empty, { error_message: '' })).body.error_message).toMatch(
      /without a message/,
    );
  });

  test.each([
    [{}, '/error_message'],
    [{ error_message: null }, '/error_message'],
    [{ error_message: 'x', retry: 'false' }, '/retry'],
    [{ error_message: 'x', retry: 0 }, '/retry'],
    [{ error_message: 'x', retry_after_seconds: -1 }, '/retry_after_seconds'],
    [{ error_message: 'x', retry_after_seconds: '5' }, '/retry_after_seconds'],
    [{ error_message: 'x', retry_after_seconds: 31_536_001 }, '/retry_after_seconds'],
  ])('refuses %j', async (fields, pointer) => {
    const response = await tell('fail', { task_id: 1, lease_token: 't' }, fields);
    expectProblem(response, 422, 'VALIDATION_FAILED', [pointer]);
  });
});

test('release queues the task again at once, the attempt not counted', async () => {
  const task = await claimed();
  await api.report(app(), 'heartbeat', task, { progress: 50, progress_message: 'half' });
  const response = await tell('release', task);
  expect(response.status).toBe(200);
  expect(response.body).toMatchObject({
    status: 'queued',
    attempts: 0,
    progress: null,
    progress_message: null,
    locked_by: null,
    lease_until_utc: null,
    error_message: null,
    run_after_utc: now(),
  });
  expect((await reclaimed(task)).attempts).toBe(1);
});

const SETTLES: [string, object][] = [
  ['complete', { result: { n: 1 } }],
  ['fail', { error_message: 'no' }],
  ['release', {}],
];

describe.each(SETTLES)('%s', (action, fields) => {
  test('sent twice answers 200 both times', async () => {
    const task = await claimed();
    const first = await tell(action, task, fields);
    app().clock.advance(500);
    const again = await tell(action, task, fields);
    expect(again.status).toBe(200);
    // Time has passed for the estimate, and for nothing else.
    const { estimated_start_utc: _, ...state } = first.body;
    expect(again.body).toMatchObject(state);
  });

  test('after another outcome is 409 and changes nothing', async () => {
    const task = await claimed();
    const [other, otherFields] = action === 'complete' ? ['release', {}] : ['complete', {}];
    const settled = await api.report(app(), other, task, otherFields);
    expectProblem(await tell(action, task, fields), 409, 'LEASE_LOST');
    expect(await api.task(app(), task.task_id)).toEqual(settled);
  });

  test('with another token is 409 and changes nothing', async () => {
    const task = await claimed();
    const before = await api.task(app(), task.task_id);
    expectProblem(await tell(action, { ...task, lease_token: 'forged' }, fields), 409, 'LEASE_LOST');
    expect(await api.task(app(), task.task_id)).toEqual(before);
  });

  test('counts after the lease ran out, as long as nobody took the task back', async () => {
    const task = await claimed();
    app().clock.advance(3_600_000);
    expect((await tell(action, task, fields)).status).toBe(200);
  });

  test('answers 404 for an unknown task and 422 without a body', async () => {
    const unknown = { task_id: 99_999, lease_token: 't' };
    expectProblem(await tell(action, unknown, fields), 404, 'TASK_NOT_FOUND');
    const response = await app().http.post(`/api/queue/tasks/1/${action}`);
    expectProblem(response, 422, 'VALIDATION_FAILED', ['']);
  });
});

test('a worker that another has superseded can write nothing', async () => {
  const lost = await claimed();
  await api.report(app(), 'release', lost);
  const held = await reclaimed(lost, 'worker-2');
  for (const [action, fields] of [...SETTLES, ['heartbeat', {}] as const]) {
    if (action === 'release') continue;
    const response = await tell(action, lost, fields);
    expectProblem(response, 409, 'LEASE_LOST');
  }
  expect(await api.task(app(), held.task_id)).toMatchObject({ status: 'processing', locked_by: 'worker-2' });
});

import { expect, test } from '@jest/globals';
import { api, expectProblem, useTestApp } from '../support/test-app.js';
import { until } from '../support/waiting.js';

const app = useTestApp();
const LATE: [string, object][] = [
  ['heartbeat', {}],
  ['complete', { result: 1 }],
  ['fail', { error_message: 'no' }],
  ['release', {}],
  ['logs', { entries: [{ level: 'info', message: 'late' }] }],
];

async function expectLost(task: { task_id: number; lease_token: string }, why: RegExp) {
  const before = await api.task(app(), task.task_id);
  for (const [action, fields] of LATE) {
    const response = await app()
      .http.post(`/api/queue/tasks/${task.task_id}/${action}`)
      .send({ lease_token: task.lease_token, ...fields });
    expectProblem(response, 409, 'LEASE_LOST');
    expect(response.body.detail).toMatch(why);
  }
  expect(await api.task(app(), task.task_id)).toEqual(before);
}

test('a worker that was silent past its lease can write nothing, and is told why', async () => {
  await app().app.start({ port: 0 });
  const id = await api.enqueue(app(), { max_attempts: 2 });
  const [first] = await api.claim(app(), { lease_seconds: 5 });
  app().clock.advance(5000);
  const hasStatus = (status: string) => async () => (await api.task(app(), id)).status === status;
  await until(hasStatus('queued'));
  expect(await api.task(app(), id)).toMatchObject({
    attempts: 1,
    error_message: 'Lease expired: worker worker-1 stopped responding',
    locked_by: null,
  });
  await expectLost(first, /expired/);

  const [second] = await api.claim(app(), { worker_id: 'worker-2', lease_seconds: 5 });
  await expectLost(first, /taken by another worker/);

  app().clock.advance(5000);
  await until(hasStatus('failed'));
  expect(await api.task(app(), id)).toMatchObject({ failure_reason: 'lease_expired', locked_by: 'worker-2' });
  await expectLost(second, /expired/);
});

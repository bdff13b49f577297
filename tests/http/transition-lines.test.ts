import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createApp } from '../../src/index.js';
import { onTestEnd } from '../support/cleanup.js';
import { capturingLogger } from '../support/telemetry.js';
import { api, useTestApp } from '../support/test-app.js';

const { logger, lines } = capturingLogger();
const app = useTestApp({ logger });

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** The lines about transitions since the last look, in a few words each. */
function transitions(): string[] {
  const found = lines.splice(0).filter(({ event }) => event !== undefined);
  for (const line of found) expect(line).toMatchObject({ level: 20, type: 'mail', time: expect.any(Number) });
  return found.map(
    ({ msg, task_id: id, attempt, from, to, worker, request_id: request }) =>
      `${id}.${attempt} ${msg}: ${from ?? 'new'} to ${to}, ${worker ?? 'nobody'}, ${request ?? 'no request'}`,
  );
}

const post = (path: string, body: object, id: string) =>
  app().http.post(`/api/queue/${path}`).set('X-Request-Id', id).send(body);

test('each transition is one line, with the request that caused it', async () => {
  lines.splice(0);
  await post('enqueue', { type: 'mail' }, 'r-1').set('traceparent', TRACEPARENT);
  expect(lines.find(({ event }) => event === 'enqueue')).toMatchObject({
    trace_id: '0af7651916cd43dd8448eb211c80319c',
  });
  expect(transitions()).toEqual(['1.0 task enqueued: new to queued, nobody, r-1']);

  const claim = async (id: string, lease = 60) => {
    const body = { worker_id: 'w-1', lease_seconds: lease };
    return (await post('claims', body, id)).body.tasks[0].lease_token;
  };
  let token = await claim('r-2');
  expect(transitions()).toEqual(['1.1 task claimed: queued to processing, w-1, r-2']);

  await post('tasks/1/fail', { lease_token: token, error_message: 'no', retry_after_seconds: 0 }, 'r-3');
  expect(transitions()).toEqual(['1.1 retry scheduled: processing to queued, w-1, r-3']);

  token = await claim('r-4');
  await post('tasks/1/release', { lease_token: token }, 'r-5');
  expect(transitions().slice(1)).toEqual(['1.2 task released: processing to queued, w-1, r-5']);

  await claim('r-6', 5);
  app().clock.advance(6_000);
  await app().app.worker.runOnce();
  expect(transitions().slice(1)).toEqual(['1.2 lease expired: processing to queued, w-1, no request']);

  token = await claim('r-7');
  await post('tasks/1/complete', { lease_token: token }, 'r-8');
  expect(transitions().slice(1)).toEqual(['1.3 task completed: processing to completed, w-1, r-8']);

  await post('tasks/1/retry', {}, 'r-9');
  await post('tasks/1/cancel', {}, 'r-10');
  await post('tasks/1/cancel', {}, 'r-11');
  expect(transitions()).toEqual([
    '1.0 task queued again: completed to queued, nobody, r-9',
    '1.0 task cancelled: queued to failed, nobody, r-10',
  ]);
});

test('requests that share a commit are told apart', async () => {
  lines.splice(0);
  await Promise.all([1, 2, 3].map((n) => post('enqueue', { type: 'mail' }, `e-${n}`)));
  const requests = lines.filter(({ event }) => event === 'enqueue').map((line) => line.request_id);
  expect(requests.sort()).toEqual(['e-1', 'e-2', 'e-3']);

  const tasks = await api.claim(app(), { limit: 3 });
  const complete = ({ task_id: id, lease_token }: { task_id: number; lease_token: string }) =>
    post(`tasks/${id}/complete`, { lease_token }, `c-${id}`);
  await Promise.all(tasks.map(complete));
  const completed = lines.filter(({ event }) => event === 'complete');
  expect(completed.map(({ task_id: id, request_id: request }) => `c-${id}` === request)).toEqual([
    true,
    true,
    true,
  ]);
});

test('a change of many is a line for each of them', async () => {
  for (let n = 0; n < 3; n++) await api.enqueue(app());
  lines.splice(0);
  await post('bulk/cancel', { filter: { all: true }, expected: 3 }, 'b-1').expect(200);
  expect(transitions()).toEqual(
    [1, 2, 3].map((id) => `${id}.0 task cancelled: queued to failed, nobody, b-1`),
  );
});

test('what is refused or undone is no transition', async () => {
  lines.splice(0);
  await api.enqueue(app(), { idempotency_key: 'once' });
  const tasks = [{ type: 'mail' }, { type: 'mail', idempotency_key: 'once', priority: 1 }];
  await post('enqueue/batch', { tasks }, 'r-0').expect(422);
  const [task] = await api.claim(app());
  await post('tasks/1/complete', { lease_token: 'not-it' }, 'r-1').expect(409);
  await post('tasks/1/retry', {}, 'r-2').expect(409);
  await Promise.all([
    api.report(app(), 'complete', task),
    post('tasks/1/complete', { lease_token: 'not-it' }, 'r-3'),
    api.report(app(), 'complete', task),
  ]);
  expect(transitions().map((line) => line.split(':')[0])).toEqual([
    '1.0 task enqueued',
    '1.1 task claimed',
    '1.1 task completed',
  ]);
});

test('a worker in the process has them too, and who does not want debug lines has none', async () => {
  const written: string[] = [];
  const levels = { debug: 3, info: 0 };
  for (const [level, count] of Object.entries(levels)) {
    const stream = { write: (line: string) => void written.push(line) };
    const quiet = createApp({
      database: ':memory:',
      handlers: { mail: () => null },
      logger: pino({ level }, stream),
    });
    onTestEnd(() => quiet.stop());
    await quiet.queue.enqueue({ type: 'mail' });
    await quiet.worker.runOnce();
    expect(written.splice(0).filter((line) => line.includes('"event"'))).toHaveLength(count);
  }
});

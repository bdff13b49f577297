import { describe, expect, test } from '@jest/globals';
import type { Response } from 'supertest';
import { api, expectProblem, useTestApp } from '../support/test-app.js';

const app = useTestApp({ bodyLimit: 17_000_000, batchBodyLimit: 17_000_000 });

const post = (path: string, body: object) => app().http.post(`/api/queue/${path}`).send(body);

const LONG = '🧵'.repeat(200_000);

/** What is left of {@link LONG}. */
const CUT = `${'🧵'.repeat(9_993)}… (cut)`;

/** An object that has so many bytes as JSON. */
const ofSize = (bytes: number) => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) });

async function claimed() {
  await api.enqueue(app());
  const [task] = await api.claim(app());
  return task;
}

describe('a text for people that is too long is cut, with a mark:', () => {
  test('progress_message', async () => {
    const task = await claimed();
    await api.report(app(), 'heartbeat', task, { progress: 1, progress_message: LONG });
    expect((await api.task(app(), task.task_id)).progress_message).toBe(CUT);
  });

  test('error_message, and the same failure sent again is the same', async () => {
    const task = await claimed();
    for (let n = 0; n < 2; n++) await api.report(app(), 'fail', task, { error_message: LONG, retry: false });
    expect((await api.task(app(), task.task_id)).error_message).toBe(CUT);
  });

  test('the message of a log entry', async () => {
    const { task_id, lease_token } = await claimed();
    await post(`tasks/${task_id}/logs`, { lease_token, entries: [{ level: 'info', message: LONG }] });
    expect((await api.logs(app(), task_id)).at(-1).message).toBe(CUT);
  });
});

describe('a value that is too large is refused:', () => {
  const message = (max: number) => `must not have more than ${max} bytes as JSON`;

  const expectRefusal = (response: Response, pointer: string, max: number): void => {
    expectProblem(response, 422, 'VALIDATION_FAILED', [pointer]);
    expect(response.body.errors[0].message).toBe(message(max));
  };

  test('compatibility', async () => {
    await api.enqueue(app(), { compatibility: ofSize(4096) });
    expectRefusal(await post('enqueue', { type: 'a', compatibility: ofSize(4097) }), '/compatibility', 4096);
    // Bytes are counted, not characters.
    expect((await post('enqueue', { type: 'a', compatibility: { a: '🧵'.repeat(1100) } })).status).toBe(422);
    const embedded = app().app.queue.enqueue({ type: 'a', compatibility: ofSize(4097) });
    await expect(embedded).rejects.toThrow(message(4096));
  });

  test('capabilities', async () => {
    await api.claim(app(), { capabilities: ofSize(65_536) });
    const response = await post('claims', { worker_id: 'w', capabilities: ofSize(65_537) });
    expectRefusal(response, '/capabilities', 65_536);
  });

  test('details of a log entry', async () => {
    const { task_id, lease_token } = await claimed();
    const append = (bytes: number) =>
      post(`tasks/${task_id}/logs`, {
        lease_token,
        entries: [{ level: 'info', message: '', details: ofSize(bytes) }],
      });
    expect((await append(65_536)).status).toBe(202);
    expectRefusal(await append(65_537), '/entries/0/details', 65_536);
  });

  test('a payload and a result, whatever the limits of bodies are', async () => {
    const payload = ofSize(15_000_001);
    const batch = { tasks: [{ type: 'a' }, { type: 'a', payload }] };
    const { task_id, lease_token } = await claimed();
    const result = { lease_token, result: payload };
    const most = 15_000_000;
    expectRefusal(await post('enqueue', { type: 'a', payload }), '/payload', most);
    expectRefusal(await post('enqueue/batch', batch), '/tasks/1/payload', most);
    expectRefusal(await post(`tasks/${task_id}/complete`, result), '/result', most);
    expect((await api.stats(app())).total_tasks).toBe(1);
  });
});

import { expect, test } from '@jest/globals';
import { ApiError, createClient } from '../../src/client/index.js';
import { json, type Responder, ScriptedServer } from '../support/servers.js';

const refusal = (status: number, error_code: string): Responder =>
  json(status, { status, error_code, detail: error_code });

/** Has no task, holds back every answer that it may, and is busy when it is first asked for a task that is missing. */
function withoutTasks(): Responder {
  let isBusy = true;
  return (req, res) => {
    const { pathname, searchParams } = new URL(req.url as string, 'http://server');
    if (searchParams.has('wait')) return;
    if (pathname.endsWith('/changes')) return json(200, { changes: [], cursor: '1' })(req, res);
    if (pathname.endsWith('/tasks')) return json(200, [])(req, res);
    const answer = isBusy ? refusal(503, 'STORAGE_BUSY') : refusal(404, 'TASK_NOT_FOUND');
    isBusy = false;
    answer(req, res);
  };
}

test('each of several waits for tasks that are not there hears of it, also where the server was busy between', async () => {
  const { url } = await ScriptedServer.start(withoutTasks());
  const client = createClient({ url });
  const over = new AbortController();
  const alone = [1, 2, 3].map((id) => client.waitFor(id, { signal: over.signal }));
  const missing = await Promise.allSettled([11, 12, 13].map((id) => client.waitFor(id, { timeout: 3_000 })));
  over.abort();
  await Promise.allSettled(alone);
  const reasons = missing.map((one) => one.status === 'rejected' && one.reason);
  expect(reasons).toEqual([expect.any(ApiError), expect.any(ApiError), expect.any(ApiError)]);
});

import { beforeEach, describe, expect, test } from '@jest/globals';
import { ADMINISTRATOR, ask, makeKey, withKeys } from '../../support/access.js';
import { EventReader, PendingRequest } from '../../support/http-clients.js';
import { PollingServer } from '../../support/polling-server.js';
import { until } from '../../support/waiting.js';

let server: PollingServer;
let headers: Record<string, string>;

const follow = (path: string) => new EventReader(`${server.url}/api/queue${path}`, headers);
const wait = (path: string) => new PendingRequest(`${server.url}/api/queue${path}`, headers);

const keyFor = async (expiresAt: number | null = null) => {
  const token = await makeKey(server.file, ['read', 'work'], { name: 'robot', expiresAt });
  return { Authorization: `Bearer ${token}` };
};

/** Resolves once this many calls of a repository's method have been made. */
const called = (calls: Record<string, number>, method: string, times = 1) =>
  until(() => (calls[method] ?? 0) >= times);

beforeEach(async () => {
  server = await PollingServer.start();
  headers = {};
  const url = new URL(server.url);
  const body = { type: 'mail' };
  await ask({ port: Number(url.port), method: 'POST', path: '/api/queue/enqueue', body });
});

const ENDINGS = {
  'is revoked': () => withKeys(server.file, (keys) => keys.revoke('robot', ADMINISTRATOR)),
  'is rotated': () => withKeys(server.file, (keys) => keys.rotate('robot', ADMINISTRATOR)),
};

describe.each(Object.entries(ENDINGS))('when the key %s', (_, end) => {
  test('event streams end', async () => {
    headers = await keyFor();
    const [all, one] = [follow('/events'), follow('/tasks/1/events')];
    await Promise.all([all.response, one.next()]);
    await end();
    await Promise.all([all.end(), one.end()]);
    const again = follow('/events');
    expect((await again.response).statusCode).toBe(401);
  });

  test('long polls end, and say why instead of what they asked for', async () => {
    headers = await keyFor();
    const waits = [wait('/tasks/1?wait=60'), wait('/changes?cursor=now&wait=60')];
    await called(server.calls.tasks, 'find');
    await called(server.calls.changes, 'since', 2);
    await end();
    for (const { reply } of waits) {
      const { status, text } = await reply;
      expect(status).toBe(401);
      expect(JSON.parse(text)).toMatchObject({
        error_code: 'UNAUTHENTICATED',
        detail: 'The key expired or was revoked during the wait',
      });
      expect(text).not.toContain('mail');
    }
  });

  test('who waits for work gets none', async () => {
    headers = await keyFor();
    const body = { worker_id: 'robot', types: ['print'], wait: 60 };
    const port = Number(new URL(server.url).port);
    const claim = ask({ port, method: 'POST', path: '/api/queue/claims', headers, body });
    await called(server.calls.leases, 'countClaimable');
    await end();
    expect((await claim).status).toBe(200);
  });
});

test('a stream ends when its key expires', async () => {
  headers = await keyFor(Date.now() + 1_000);
  const all = follow('/events');
  await all.response;
  await all.end();
  expect((await follow('/events').response).statusCode).toBe(401);
});

test('what was opened without a key ends when there is one', async () => {
  const all = follow('/events');
  const poll = wait('/tasks/1?wait=60');
  await all.response;
  await called(server.calls.tasks, 'find');
  await keyFor();
  await all.end();
  expect((await poll.reply).status).toBe(401);
});

test('what is open stays open while other keys come and go', async () => {
  headers = await keyFor();
  const all = follow('/events');
  await all.response;
  await makeKey(server.file, ['admin'], { name: 'other' });
  await withKeys(server.file, (keys) => keys.revoke('other', ADMINISTRATOR));
  await server.storage.repositories.tasks.cancel(1);
  expect((await all.next()).data.task_id).toBe(1);
  expect(all.isEnded).toBe(false);
});

import { describe, expect, test } from '@jest/globals';
import { onTestEnd } from '../support/cleanup.js';
import { PendingRequest } from '../support/http-clients.js';
import { api, useTestApp } from '../support/test-app.js';
import { until } from '../support/waiting.js';

const app = useTestApp({ waitsPerClient: 2, maxWaits: 3, trustProxy: ['loopback'] });

/** Requests of a client that is behind a proxy. */
const clientAt = (address: string) => {
  const headers = { 'X-Forwarded-For': address };
  return {
    open(path: string): PendingRequest {
      const request = new PendingRequest(`http://127.0.0.1:${app().port}${path}`, headers);
      onTestEnd(() => request.hangUp());
      return request;
    },
    get: (path: string) => app().http.get(path).set(headers),
    claim: (wait: number) =>
      app()
        .http.post('/api/queue/claims')
        .set(headers)
        .send({ worker_id: 'w', types: ['none'], wait }),
  };
};

const [ann, bob, cid] = ['1.2.3.4', '1.2.3.5', '1.2.3.6'].map(clientAt) as [
  ReturnType<typeof clientAt>,
  ReturnType<typeof clientAt>,
  ReturnType<typeof clientAt>,
];

/** A task that is done, for which nobody waits long; and one that is not. */
async function twoTasks() {
  const done = await api.enqueue(app());
  await app().http.post(`/api/queue/tasks/${done}/cancel`);
  const id = await api.enqueue(app());
  return { wait: `/api/queue/tasks/${id}?wait=60`, probe: `/api/queue/tasks/${done}?wait=60`, id };
}

const statusOf = async (client: typeof ann, path: string) => (await client.get(path)).status;

describe('a client with as many waits as it may have', () => {
  test('is refused another, of whatever kind, until one ends', async () => {
    const { wait, probe, id } = await twoTasks();
    const [first] = [ann.open(wait), ann.open('/api/queue/changes?cursor=now&wait=60')];
    await until(async () => (await statusOf(ann, probe)) === 429);

    const refused = await ann.get(wait);
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('5');
    expect(refused.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(refused.body.error_code).toBe('RATE_LIMITED');
    for (const path of ['/api/queue/events', `/api/queue/tasks/${id}/events`]) {
      const { status, headers } = await ann.get(path);
      expect([status, headers['content-type']]).toEqual([429, 'application/problem+json; charset=utf-8']);
    }
    expect((await ann.claim(60)).status).toBe(429);

    // What does not wait goes on, and so does everybody else.
    expect(await statusOf(ann, `/api/queue/tasks/${id}`)).toBe(200);
    expect((await ann.claim(0)).status).toBe(200);
    expect(await statusOf(bob, probe)).toBe(200);

    await app().http.post(`/api/queue/tasks/${id}/cancel`);
    expect((await first?.reply)?.status).toBe(200);
    await until(async () => (await statusOf(ann, probe)) === 200);
  });

  test('gets a place back when it hangs up, also for streams', async () => {
    const { probe, id } = await twoTasks();
    const open = [ann.open('/api/queue/events'), ann.open(`/api/queue/tasks/${id}/events`)];
    await until(async () => (await statusOf(ann, probe)) === 429);
    open[0]?.hangUp();
    await until(async () => (await statusOf(ann, probe)) === 200);
    ann.open('/api/queue/events');
    await until(async () => (await statusOf(ann, probe)) === 429);
    // A stream of one task ends with it.
    await app().http.post(`/api/queue/tasks/${id}/cancel`);
    await until(async () => (await statusOf(ann, probe)) === 200);
  });
});

test('all clients together have so many waits, and not one more', async () => {
  const { wait, probe } = await twoTasks();
  const open = [ann.open(wait), ann.open(wait), bob.open(wait)];
  await until(async () => (await statusOf(cid, probe)) === 429);
  expect((await cid.get(probe)).body.detail).toMatch(/^Too many waits and streams are open \(limit: /);
  expect((await ann.get(probe)).body.detail).toMatch(
    /^Too many waits and streams of this client are open \(limit: 2\)/,
  );
  open[0]?.hangUp();
  await until(async () => (await statusOf(cid, probe)) === 200);
});

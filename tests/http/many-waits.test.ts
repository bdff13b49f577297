import { describe, expect, test } from '@jest/globals';
import { Client } from '../support/client.js';
import { PendingRequest } from '../support/http-clients.js';
import { PollingServer } from '../support/polling-server.js';
import { until } from '../support/waiting.js';

const COUNT = 1000;

async function setUp() {
  const server = await PollingServer.start();
  const client = new Client(server.url);
  const poll = (id: number, headers = {}) =>
    new PendingRequest(`${server.url}/api/queue/tasks/${id}?wait=60`, headers);
  return { server, client, poll };
}

/** How often the database is looked at for changes while `act` and its news go round. */
async function looksDuring(server: PollingServer, act: () => Promise<unknown>): Promise<number> {
  const before = server.calls.changes.since ?? 0;
  await act();
  return (server.calls.changes.since ?? 0) - before;
}

describe('a thousand polls that wait', () => {
  test('cost one look per change; only the one whose task it is gets an answer', async () => {
    const { server, client, poll } = await setUp();
    const ids = await client.enqueueMany(Array.from({ length: COUNT }, () => ({ type: 'mail' })));
    const polls = ids.map((id) => poll(id));
    await until(() => server.calls.tasks.find === COUNT, 30_000);
    expect(server.listeners).toBe(1);
    expect(server.calls.changes.horizon).toBe(1);

    const looks = await looksDuring(server, async () => {
      await client.post(`/queue/tasks/${ids[500]}/cancel`);
      expect(JSON.parse((await (polls[500] as PendingRequest).reply).text).status).toBe('failed');
    });
    // The file system may say twice that there was a change, and once a second the safety net looks too.
    expect(looks).toBeLessThanOrEqual(3);
    expect(server.calls.tasks.find).toBe(COUNT);
    expect(polls.filter(({ isAnswered }) => isAnswered)).toHaveLength(1);

    for (const one of polls) one.hangUp();
    await until(() => server.listeners === 0);
  });

  test('of one task are all answered by one look', async () => {
    const { server, client, poll } = await setUp();
    const id = await client.enqueue('mail');
    const polls = Array.from({ length: COUNT }, () => poll(id));
    await until(() => server.calls.tasks.find === COUNT, 30_000);
    const looks = await looksDuring(server, async () => {
      await client.post(`/queue/tasks/${id}/cancel`);
      const replies = await Promise.all(polls.map(({ reply }) => reply));
      expect(new Set(replies.map(({ status, text }) => `${status} ${JSON.parse(text).status}`))).toEqual(
        new Set(['200 failed']),
      );
    });
    expect(looks).toBeLessThanOrEqual(3);
    expect(server.calls.tasks.find).toBe(COUNT);
    expect(server.listeners).toBe(0);
  });
});

describe('hundreds of claims that wait', () => {
  test('cost one look per commit, and only as many claim as there is work for, first come first served', async () => {
    const { server, client } = await setUp();
    const answered: string[] = [];
    const names = Array.from({ length: 300 }, (_, at) => `w-${at}`);
    const claims: Promise<unknown>[] = [];
    for (const worker_id of names) {
      const waiting = claims.length + 1;
      claims.push(
        client.post('/queue/claims', { worker_id, wait: 60 }).then(({ body }) => {
          if (body.tasks.length > 0) answered.push(worker_id);
        }),
      );
      if (waiting === 1) await until(() => server.listeners === 1);
    }
    const workers = async () => (await client.get('/queue/workers?limit=1000')).body.length;
    await until(async () => (await workers()) === names.length, 30_000);
    const { leases } = server.calls;
    const before = { ...leases };
    await client.enqueueMany(Array.from({ length: 3 }, () => ({ type: 'mail' })));
    await until(() => answered.length === 3);
    expect(answered).toContain('w-0');
    expect((leases.claim ?? 0) - (before.claim ?? 0)).toBeLessThanOrEqual(6);
    // One look for the enqueue, and one for each commit of a claim.
    expect((leases.countClaimable ?? 0) - (before.countClaimable ?? 0)).toBeLessThanOrEqual(10);
    server.beginToStop();
    await Promise.all(claims);
    expect(server.listeners).toBe(0);
  });
});

import { describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../src/index.js';
import { Client } from '../support/client.js';
import { PollingServer } from '../support/polling-server.js';
import { api, useTestApp } from '../support/test-app.js';

const app = useTestApp();

const adviceFor = async (id: number): Promise<string | undefined> =>
  (await app().http.get(`/api/queue/tasks/${id}`)).headers['retry-after'];

/** Has a task of the type wait and run for so many seconds. */
async function runOne(type: string, waitSeconds: number, runSeconds: number): Promise<void> {
  await api.enqueue(app(), { type });
  app().clock.advance(waitSeconds * 1000);
  const [task] = await api.claim(app(), { types: [type], lease_seconds: 3600 });
  app().clock.advance(runSeconds * 1000);
  await api.report(app(), 'complete', task);
}

describe('Retry-After', () => {
  test('is what is left of what the type usually takes', async () => {
    await runOne('mail', 10, 30);
    app().clock.advance(2000);
    const id = await api.enqueue(app());
    expect(await adviceFor(id)).toBe('40');
    app().clock.advance(4000);
    expect(await adviceFor(id)).toBe('36');
    await api.claim(app(), { lease_seconds: 3600 });
    expect(await adviceFor(id)).toBe('30');
    app().clock.advance(25_000);
    expect(await adviceFor(id)).toBe('5');
    app().clock.advance(100_000);
    expect(await adviceFor(id)).toBe('13');
  });

  test('of a scheduled task leads to when it is due, a minute at most', async () => {
    const due = (seconds: number) => new Date(app().clock.now() + seconds * 1000).toISOString();
    expect(await adviceFor(await api.enqueue(app(), { run_after_utc: due(20) }))).toBe('20');
    expect(await adviceFor(await api.enqueue(app(), { run_after_utc: due(3600) }))).toBe('60');
  });

  test('is a second where nobody knows, and absent once the task is done', async () => {
    const id = await api.enqueue(app());
    expect(await adviceFor(id)).toBe('1');
    await app().http.post(`/api/queue/tasks/${id}/cancel`);
    expect(await adviceFor(id)).toBeUndefined();
    await app().http.post(`/api/queue/tasks/${id}/retry`);
    expect(await adviceFor(id)).toBe('1');
  });

  test('is asked of the statistics once a second per type, however many polls there are', async () => {
    const clock = new ManualClock();
    const server = await PollingServer.start({ clock });
    const client = new Client(server.url);
    const mail = await client.enqueue('mail');
    const print = await client.enqueue('print');
    for (let poll = 0; poll < 20; poll++) await client.task(poll % 2 ? mail : print);
    expect(server.calls.stats.typeEstimate).toBe(2);
    clock.advance(1000);
    for (let poll = 0; poll < 20; poll++) await client.task(mail);
    expect(server.calls.stats.typeEstimate).toBe(3);
  });
});

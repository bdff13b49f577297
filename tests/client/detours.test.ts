import { request } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { createClient } from '../../src/client/index.js';
import { hangUp, json, type Responder, ScriptedServer } from '../support/servers.js';
import { api, useTestApp } from '../support/test-app.js';
import { collect, eventually } from '../support/waiting.js';

const app = useTestApp();

/** Something on the way that hands every request on, but what a test has it do with some. */
async function detour(instead: (url: string) => Responder | undefined) {
  const proxy = await ScriptedServer.start((req, res) => {
    const other = instead(req.url ?? '');
    if (other) return other(req, res);
    const { method, headers, url } = req;
    const onward = request({ port: app().port, host: '127.0.0.1', method, headers, path: url }, (reply) => {
      res.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(res);
    });
    res.on('close', () => onward.destroy());
    onward.on('error', () => res.destroy());
    req.pipe(onward);
  });
  return { proxy, client: createClient({ url: proxy.url }) };
}

const isStream = (url: string): boolean => url.includes('/events');

describe('a watch where server-sent events do not come through', () => {
  test.each<[string, Responder]>([
    ['since they are cut off', hangUp],
    ['since they are refused', json(404, { message: 'no such page' })],
    ['since something else comes', (_req, res) => res.end('<h1>Sign in</h1>')],
  ])('%s, goes by long poll', async (_why, answer) => {
    const { client, proxy } = await detour((url) => (isStream(url) ? answer : undefined));
    const id = await api.enqueue(app());
    const states = client.watch(id);
    expect((await states.next()).value).toMatchObject({ status: 'queued' });
    const next = states.next();
    await eventually(() => proxy.asked.some((asked) => asked.includes('wait=')));
    await api.claim(app());
    expect((await next).value).toMatchObject({ status: 'processing' });
    await client.cancel(id);
    expect(await collect(states)).toMatchObject([{ status: 'failed' }]);
  });
});

test('a watch whose connection is lost goes on where it was, and tells nothing twice', async () => {
  let streams = 0;
  const { client, proxy } = await detour((url) => {
    if (isStream(url)) streams++;
    return undefined;
  });
  const id = await api.enqueue(app());
  const states = client.watch(id);
  await states.next();
  const next = states.next();
  proxy.requests.at(-1)?.socket.destroy();
  await eventually(() => streams === 2);
  expect(proxy.requests.at(-1)?.headers['last-event-id']).toBe('1');
  await api.claim(app());
  expect((await next).value).toMatchObject({ status: 'processing', attempts: 1 });
  await states.return(undefined);
});

test('events whose connection is lost go on where they were, and miss nothing', async () => {
  let isDown = false;
  const { client, proxy } = await detour((url) => (isDown && isStream(url) ? hangUp : undefined));
  const connected: boolean[] = [];
  const events = client.events({ onConnection: (isConnected) => connected.push(isConnected) });
  const first = events.next();
  await eventually(() => connected.length === 1);
  // Before the first event there was: only the beginning of the stream says where it is.
  isDown = true;
  proxy.requests.at(-1)?.socket.destroy();
  await eventually(() => connected.length === 2);
  const id = await api.enqueue(app());
  isDown = false;
  expect((await first).value).toMatchObject({ task: { taskId: id } });
  expect(connected).toEqual([true, false, true]);
  await events.return(undefined);
});

describe('a wait', () => {
  test('asks again as the server advises where that does not hold its answer back', async () => {
    const id = await api.enqueue(app());
    // Something on the way answers without asking; the advice is a second, the least there is.
    const held = json(200, await api.task(app(), id), { ETag: '"1"', 'Retry-After': '1' });
    let early = 0;
    const { client } = await detour((url) => (url.includes('wait=') && early++ < 2 ? held : undefined));
    const waiting = client.waitFor(id).catch((error) => error.name);
    await eventually(() => early >= 2);
    await client.cancel(id);
    expect(await waiting).toBe('TaskCancelled');
  });

  test('sends the tag that it knows, and is told only what is new', async () => {
    const { client, proxy } = await detour(() => undefined);
    const id = await api.enqueue(app());
    const seen: string[] = [];
    const waiting = client.waitFor(id, { onProgress: ({ status }) => seen.push(status) });
    await eventually(() => proxy.requests.length === 2);
    expect(proxy.requests[0]?.headers['if-none-match']).toBeUndefined();
    expect(proxy.requests[1]?.headers['if-none-match']).toBe('W/"1.0"');
    const [task] = await api.claim(app());
    await eventually(() => seen.length === 2);
    await api.report(app(), 'complete', task);
    await waiting;
    expect(seen).toEqual(['queued', 'processing', 'completed']);
  });

  test('outlives failures that pass, whatever their number, and ends with its time', async () => {
    let failures = 0;
    const { client } = await detour(() => (failures++ < 5 ? hangUp : undefined));
    const id = await api.enqueue(app());
    const waiting = client.waitFor(id, { timeout: 60_000 }).catch((error) => error.name);
    await eventually(() => failures > 5);
    await client.cancel(id);
    expect(await waiting).toBe('TaskCancelled');
    const { client: lost } = await detour(() => hangUp);
    await expect(lost.waitFor(id, { timeout: 300 })).rejects.toMatchObject({ name: 'WaitTimeout' });
  });
});

import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Scope } from '../../../src/core/access.js';
import { makeKey } from '../../support/access.js';
import { ROUTES } from '../../support/api-document.js';
import { EventReader } from '../../support/http-clients.js';
import { capturingLogger } from '../../support/telemetry.js';
import { api, TestApp, useTestApp } from '../../support/test-app.js';

const SECRET = 'tiger-in-the-tank';

const { logger, lines } = capturingLogger();
const app = useTestApp({ hidePayloads: true, logger });

type Headers = Record<string, string>;

/** Finds nothing that would have to be hidden where it is hidden. */
const hidden = { payload: null, result: null };

let holders: Record<'reader' | 'worker' | 'administrator', Headers>;

const keyFor = async (name: string, scopes: Scope[]): Promise<Headers> => ({
  Authorization: `Bearer ${await makeKey(app().file, scopes, { name, clock: app().clock })}`,
});

/** One task completed, one under way, one queued, all with the secret in all that is a payload or a result. */
beforeEach(async () => {
  for (let at = 0; at < 3; at++) await api.enqueue(app(), { payload: { [SECRET]: SECRET } });
  const [done, _held] = await api.claim(app(), { limit: 2 });
  await api.report(app(), 'complete', done, { result: [SECRET] });
  holders = {
    reader: await keyFor('reader', ['read', 'enqueue']),
    worker: await keyFor('worker', ['read', 'work', 'enqueue']),
    administrator: await keyFor('administrator', ['admin']),
  };
});

const GETS = ROUTES.filter(({ method }) => method === 'get').map(({ path }) => path);

/** Ways to ask a route for all that it has. */
const queriesOf = (path: string): string[] => {
  if (path === '/api/queue/changes') return ['?cursor=0', '?cursor=0&wait=1&status=completed'];
  if (path === '/api/queue/tasks') return ['', '?ids=1,2,3', '?status=completed', '?type=mail'];
  return path === '/api/queue/tasks/:task_id' ? ['', '?wait=0'] : [''];
};

const read = async (path: string, headers: Headers) => (await app().http.get(path).set(headers)).text;

async function streamed(path: string, headers: Headers): Promise<string> {
  const stream = new EventReader(`http://127.0.0.1:${app().port}${path}`, headers);
  const events = [await stream.next()];
  if (path.endsWith('?cursor=0')) events.push(await stream.next(), await stream.next());
  stream.hangUp();
  return JSON.stringify(events);
}

/** All that every GET route of the route table says. */
async function everythingRead(headers: Headers): Promise<string[]> {
  const said: string[] = [];
  for (const path of GETS.filter((path) => !path.endsWith('/events'))) {
    for (const id of path.includes(':task_id') ? [1, 2, 3] : [0])
      for (const query of queriesOf(path))
        said.push(await read(path.replace(':task_id', String(id)) + query, headers));
  }
  said.push(await streamed('/api/queue/events?cursor=0', headers));
  for (const id of [1, 2, 3]) said.push(await streamed(`/api/queue/tasks/${id}/events`, headers));
  return said;
}

describe('--hide-payloads', () => {
  test.each(['reader', 'worker'] as const)('keeps them from the %s, whatever he reads', async (who) => {
    const said = await everythingRead(holders[who]);
    expect(said.length).toBeGreaterThan(20);
    expect(said.filter((text) => text.includes(SECRET))).toEqual([]);
    expect(JSON.parse(await read('/api/queue/tasks/1', holders[who]))).toMatchObject(hidden);
  });

  test('keeps them from who settles, and from the log of the server', async () => {
    const post = (path: string, body: object) =>
      app().http.post(`/api/queue/${path}`).set(holders.worker).send(body);
    const { body } = await post('claims', { worker_id: 'w' });
    const [{ task_id, lease_token }] = body.tasks;
    await post(`tasks/${task_id}/logs`, { lease_token, entries: [{ level: 'info', message: 'm' }] });
    const settled = await post(`tasks/${task_id}/complete`, { lease_token, result: SECRET });
    expect(settled.body).toMatchObject({ ...hidden, status: 'completed' });
    const enqueued = await post('enqueue', { type: 'mail', payload: { SECRET }, idempotency_key: 'k' });
    const other = await post('enqueue', { type: 'mail', payload: { other: 1 }, idempotency_key: 'k' });
    expect(other.status).toBe(422);
    for (const reply of [settled, enqueued, other, await post('tasks/1/retry', {})])
      expect(reply.text).not.toContain(SECRET);
    expect(JSON.stringify(lines)).not.toContain(SECRET);
  });

  test('shows a worker the payload of what he claims', async () => {
    const { body } = await app().http.post('/api/queue/claims').set(holders.worker).send({ worker_id: 'w' });
    expect(body.tasks[0].payload).toEqual({ [SECRET]: SECRET });
  });

  test('shows them to administrators', async () => {
    const said = await everythingRead(holders.administrator);
    const telling = said.filter((text) => text.includes(SECRET));
    // Three tasks, alone and with a query; four lists; two feeds; the streams.
    expect(telling).toHaveLength(6 + 4 + 2 + 4);
  });

  test('has another tag for what is hidden: no cache shows the one for the other', async () => {
    const poll = (headers: Headers) => app().http.get('/api/queue/tasks/1').set(headers);
    const [whole, without] = [await poll(holders.administrator), await poll(holders.reader)];
    expect(without.headers.etag).not.toBe(whole.headers.etag);
    const tagged = { 'If-None-Match': whole.headers.etag as string };
    expect((await poll({ ...holders.reader, ...tagged })).status).toBe(200);
    expect((await poll({ ...holders.administrator, ...tagged })).status).toBe(304);
    const own = { 'If-None-Match': without.headers.etag as string };
    expect((await poll({ ...holders.reader, ...own })).status).toBe(304);
  });
});

test('without a key, nobody sees them', async () => {
  const open = new TestApp({ hidePayloads: true });
  try {
    await open.listen();
    const id = await api.enqueue(open, { payload: { [SECRET]: SECRET } });
    expect(await api.task(open, id)).toMatchObject(hidden);
    const { body } = await open.http.get('/api/session');
    expect(body).toEqual({ key_required: false, name: null, scopes: ['admin'], sees_payloads: false });
  } finally {
    await open.close();
  }
});

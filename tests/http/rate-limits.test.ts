import { describe, expect, test } from '@jest/globals';
import type { Response } from 'supertest';
import { keysOf } from '../support/access.js';
import { api, expectProblem, useTestApp } from '../support/test-app.js';

const app = useTestApp({
  pollsPerMinute: 3,
  writesPerMinute: 2,
  readsPerMinute: 1,
  trustProxy: ['loopback'],
});

const get = (path: string, headers: Record<string, string> = {}) => app().http.get(path).set(headers);
const write = (headers: Record<string, string> = {}) =>
  app().http.post('/api/queue/enqueue').set(headers).send({ type: 'mail' });
const statuses = (responses: Response[]) => responses.map(({ status }) => status);

async function oneAfterTheOther(count: number, request: () => PromiseLike<Response>): Promise<Response[]> {
  const responses: Response[] = [];
  for (let i = 0; i < count; i++) responses.push(await request());
  return responses;
}

describe('a client that asks too often', () => {
  test('is told what is left, and when to come again', async () => {
    const id = await api.enqueue(app());
    const poll = () => get(`/api/queue/tasks/${id}`);
    const responses = await oneAfterTheOther(4, poll);
    expect(statuses(responses)).toEqual([200, 200, 200, 429]);
    expect(responses.map(({ headers }) => headers.ratelimit)).toEqual([
      '"polls";r=2;t=20',
      '"polls";r=1;t=40',
      '"polls";r=0;t=60',
      '"polls";r=0;t=60',
    ]);
    for (const { headers } of responses) expect(headers['ratelimit-policy']).toBe('"polls";q=3;w=60');
    const refused = responses[3] as Response;
    expectProblem(refused, 429, 'RATE_LIMITED');
    expect(refused.headers['retry-after']).toBe('20');
    expect(refused.body.detail).toBe('The limit of 3 polls per minute is exceeded: try again in 20 s');

    app().clock.advance(19_999);
    expect((await poll()).headers['retry-after']).toBe('1');
    app().clock.advance(1);
    expect(statuses(await oneAfterTheOther(2, poll))).toEqual([200, 429]);
  });

  test('has a budget for each kind of request', async () => {
    const id = await api.enqueue(app());
    expect(statuses(await oneAfterTheOther(2, write))).toEqual([201, 429]);
    expect(statuses(await oneAfterTheOther(2, () => get('/api/queue/tasks')))).toEqual([200, 429]);
    expect(statuses(await oneAfterTheOther(4, () => get(`/api/queue/tasks/${id}`)))).toEqual([
      200, 200, 200, 429,
    ]);
    expect(statuses(await oneAfterTheOther(5, () => get('/api/health')))).toEqual(Array(5).fill(200));
    const { headers } = await get('/api/health');
    expect(headers).not.toHaveProperty('ratelimit');
    expect(headers).not.toHaveProperty('ratelimit-policy');
  });

  test('has changed nothing by what was refused', async () => {
    await oneAfterTheOther(4, write);
    expect((await get('/api/queue/stats')).body.total_tasks).toBe(2);
  });

  test('pays for a batch as for one request, and for one that is not valid as for any', async () => {
    const tasks = Array.from({ length: 100 }, () => ({ type: 'mail' }));
    const batch = () => app().http.post('/api/queue/enqueue/batch').send({ tasks });
    expect((await batch()).headers.ratelimit).toBe('"writes";r=1;t=30');
    expect(statuses([await app().http.post('/api/queue/enqueue').send({})])).toEqual([422]);
    expect(statuses([await batch()])).toEqual([429]);
  });
});

describe('clients are told apart', () => {
  test('by the address that a trusted proxy names', async () => {
    const from = (address: string) => () => write({ 'X-Forwarded-For': address });
    expect(statuses(await oneAfterTheOther(3, from('1.2.3.4')))).toEqual([201, 201, 429]);
    expect(statuses(await oneAfterTheOther(3, from('1.2.3.5')))).toEqual([201, 201, 429]);
    expect(statuses(await oneAfterTheOther(2, from('2001:db8::1')))).toEqual([201, 201]);
    expect(statuses([await from('2001:db8::2')()])).toEqual([429]);
    expect(statuses([await from('2001:db8:0:1::2')()])).toEqual([201]);
  });

  test('by their key, wherever they are', async () => {
    const keys = keysOf(app().file);
    const [one, other] = await Promise.all(['one', 'other'].map((name) => keys.create(name)));
    const as = (key: string | undefined, address: string) => () =>
      write({ Authorization: `Bearer ${key}`, 'X-Forwarded-For': address });
    expect(statuses(await oneAfterTheOther(1, as(one, '1.2.3.4')))).toEqual([201]);
    expect(statuses(await oneAfterTheOther(2, as(one, '1.2.3.5')))).toEqual([201, 429]);
    expect(statuses(await oneAfterTheOther(3, as(other, '1.2.3.4')))).toEqual([201, 201, 429]);
  });

  test('and the audit log has the address that was believed', async () => {
    const key = await keysOf(app().file).create('one');
    await write({ Authorization: `Bearer ${key}`, 'X-Forwarded-For': '6.6.6.6, 1.2.3.4' });
    const { body } = await get('/api/audit?action=enqueue', { Authorization: `Bearer ${key}` });
    expect(body).toMatchObject([{ actor: 'one', address: '1.2.3.4' }]);
  });
});

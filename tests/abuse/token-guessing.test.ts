import { describe, expect, test } from '@jest/globals';
import type { Response } from 'supertest';
import { keysOf } from '../support/access.js';
import { api, expectProblem, useTestApp } from '../support/test-app.js';

const app = useTestApp({ authFailuresPerMinute: 5, trustProxy: ['loopback'] });

const poll = (headers: Record<string, string>) => app().http.get('/api/queue/tasks/1').set(headers);
const withKey = (key: string, address = '1.2.3.4') =>
  poll({ Authorization: `Bearer ${key}`, 'X-Forwarded-For': address });

/** Another key of the same form. */
const guess = (key: string, n: number): string =>
  `${key.slice(0, -4)}${String(n).padStart(4, '0') === key.slice(-4) ? 'aaaa' : String(n).padStart(4, '0')}`;

async function guesses(count: number, send: (n: number) => PromiseLike<Response>): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < count; n++) statuses.push((await send(n)).status);
  return statuses;
}

async function setUp() {
  await api.enqueue(app());
  return keysOf(app().file).create('good');
}

const FIVE_THEN_LIMITED = [...Array(5).fill(401), 429, 429];

describe('who guesses keys', () => {
  test('is told to wait after a few; good keys from the same address go on, and so do other addresses', async () => {
    const good = await setUp();
    expect(await guesses(7, (n) => withKey(guess(good, n)))).toEqual(FIVE_THEN_LIMITED);
    const refused = await withKey(guess(good, 99));
    expectProblem(refused, 429, 'RATE_LIMITED');
    expect(refused.headers['retry-after']).toBe('12');
    expect((await withKey(good)).status).toBe(200);
    expect((await withKey(guess(good, 1), '1.2.3.5')).status).toBe(401);
    // Who brings no key has guessed none.
    expect((await poll({ 'X-Forwarded-For': '1.2.3.4' })).status).toBe(401);
    app().clock.advance(12_000);
    expect(await guesses(2, (n) => withKey(guess(good, n)))).toEqual([401, 429]);
  });

  test('has one budget for all ways to bring a key', async () => {
    const good = await setUp();
    const from = { 'X-Forwarded-For': '1.2.3.4' };
    const ways = [
      () => poll({ ...from, 'X-API-Key': 'x' }),
      () => poll({ ...from, Authorization: 'Bearer x' }),
      () => poll({ ...from, Cookie: `spoolite_session=1.99999999999999.${'a'.repeat(43)}` }),
      () =>
        app()
          .http.post('/api/session')
          .set(from)
          .send({ key: guess(good, 1) }),
      () => app().http.post('/api/queue/enqueue').set(from).set('X-API-Key', 'x').send({ type: 'mail' }),
    ];
    expect(await guesses(5, (n) => (ways[n] as () => PromiseLike<Response>)())).toEqual(Array(5).fill(401));
    for (const way of ways) expect((await way()).status).toBe(429);
    expect((await app().http.post('/api/session').set(from).send({ key: good })).status).toBe(200);
    expect((await app().http.get('/api/session').set(from).set('X-API-Key', 'x')).body).toMatchObject({
      name: null,
      scopes: [],
    });
  });

  test('cannot have the server read much before it knows who sends it', async () => {
    await setUp();
    const large = await app()
      .http.post('/api/session')
      .send({ key: 'x'.repeat(5_000) });
    expectProblem(large, 413, 'PAYLOAD_TOO_LARGE');
    const unread = await app()
      .http.post('/api/queue/enqueue')
      .send({ type: 'mail', payload: { x: 'y'.repeat(900_000) } });
    expectProblem(unread, 401, 'UNAUTHENTICATED');
  });

  test('hears the same of a key that is nearly right as of nonsense', async () => {
    const good = await setUp();
    const details = new Set<string>();
    const wrong = [
      guess(good, 1),
      good.slice(0, -1),
      `${good}x`,
      good.toUpperCase(),
      'spool_',
      'x'.repeat(4_000),
      '__proto__',
    ];
    for (const [n, key] of wrong.entries()) {
      const response = await withKey(key, `9.9.9.${n}`);
      expectProblem(response, 401, 'UNAUTHENTICATED');
      details.add(response.body.detail);
      // What is asked for makes no difference.
      const unknown = await app().http.get('/api/queue/tasks/99999').set('X-API-Key', key);
      expect([401, 429]).toContain(unknown.status);
    }
    expect([...details]).toEqual(['This is not a key of this server']);
  });

  test('learns nothing of a key by naming its number in a forged session', async () => {
    await setUp();
    await keysOf(app().file).revoke('good');
    const forged = (id: number, address: string) =>
      poll({
        Cookie: `spoolite_session=${id}.99999999999999.${'a'.repeat(43)}`,
        'X-Forwarded-For': address,
      });
    const [known, unknown] = [await forged(1, '1.1.1.1'), await forged(77, '1.1.1.2')];
    expectProblem(known, 401, 'UNAUTHENTICATED');
    expect(known.body.detail).toBe(unknown.body.detail);
    expect(known.body.detail).not.toContain('good');
  });
});

import { describe, expect, test } from '@jest/globals';
import { type AccessReply, ask, cookieOf, makeKey } from '../../support/access.js';
import { api, type TestApp, useTestApp } from '../../support/test-app.js';

const PARTNER = 'https://partner.test';

const app = useTestApp({ allowedHosts: ['queue.internal'] });

type Headers = Record<string, string>;

const to = (
  app: TestApp,
  headers: Headers,
  method = 'GET',
  path = '/api/queue/stats',
): Promise<AccessReply> => ask({ port: app.port, method, path, headers });

const statusOf = async (headers: Headers, method?: string): Promise<number> =>
  (await to(app(), headers, method, method === 'POST' ? '/api/queue/tasks/1/cancel' : undefined)).status;

const own = () => `127.0.0.1:${app().port}`;

describe('a name that', () => {
  test.each(['127.0.0.1', '127.0.0.1:80', '[::1]:8000', 'localhost', 'LOCALHOST:8000', 'app.localhost'])(
    'is nobody else’s is answered to: %s',
    async (Host) => expect(await statusOf({ Host })).toBe(200),
  );

  test.each(['192.168.1.7', 'queue.internal', 'Queue.Internal:8000', 'queue.internal.'])(
    'is ours is answered to: %s',
    async (Host) => expect(await statusOf({ Host })).toBe(200),
  );

  test.each([
    'evil.test',
    'evil.test:8000',
    'localhost.evil.test',
    '127.0.0.1.evil.test',
    'queue.internal.evil.test',
    'notlocalhost',
    '[evil',
    'evil.test@localhost:x',
  ])('may be somebody else’s is refused: %j', async (Host) => {
    const { status, problem } = await to(app(), { Host });
    expect([status, problem?.error_code]).toEqual([403, 'FORBIDDEN']);
  });

  test('may be somebody else’s is no matter to who has a key', async () => {
    const token = await makeKey(app().file, ['read'], { clock: app().clock });
    expect(await statusOf({ Host: 'evil.test', 'X-API-Key': token })).toBe(200);
  });

  test('what a proxy was shown is not for us: another scheme beside a good X-API-Key', async () => {
    const token = await makeKey(app().file, ['read'], { clock: app().clock });
    expect(await statusOf({ Authorization: 'Basic YTpi', 'X-API-Key': token })).toBe(200);
    expect(await statusOf({ Authorization: 'Basic YTpi' })).toBe(401);
  });
});

describe('a page', () => {
  test.each(['cross-site', 'same-site'])(
    'of this host that is %s by the word of the browser is refused',
    async (site) => {
      await api.enqueue(app());
      const headers = { Origin: `http://${own()}`, 'Sec-Fetch-Site': site };
      expect([await statusOf(headers), await statusOf(headers, 'POST')]).toEqual([403, 403]);
    },
  );

  test.each(['http://evil.test', 'null', 'nonsense', 'file://', '', 'http://127.0.0.1', 'https://localhost'])(
    'of the origin %j is refused, to read and to write',
    async (Origin) => {
      await api.enqueue(app());
      expect([await statusOf({ Origin }), await statusOf({ Origin }, 'POST')]).toEqual([403, 403]);
      expect(await api.task(app(), 1)).toMatchObject({ status: 'queued' });
    },
  );

  test('of this server is let in', async () => {
    await api.enqueue(app());
    const Origin = `http://${own()}`;
    expect([await statusOf({ Origin }), await statusOf({ Origin }, 'POST')]).toEqual([200, 200]);
  });

  test('of a development proxy, which asks by its own name and port, is let in by the word of the browser', async () => {
    await api.enqueue(app());
    const proxied = { Origin: 'http://localhost:5173', Host: '127.0.0.1:8000' };
    expect([await statusOf(proxied), await statusOf(proxied, 'POST')]).toEqual([403, 403]);
    const sameOrigin = { ...proxied, 'Sec-Fetch-Site': 'same-origin' };
    expect([await statusOf(sameOrigin), await statusOf(sameOrigin, 'POST')]).toEqual([200, 200]);
    const rebound = { Origin: 'http://evil.test', Host: 'evil.test', 'Sec-Fetch-Site': 'same-origin' };
    expect([await statusOf(rebound), await statusOf(rebound, 'POST')]).toEqual([403, 403]);
    const doubled = { ...proxied, 'Sec-Fetch-Site': 'same-origin, same-origin' };
    expect([await statusOf(doubled), await statusOf(doubled, 'POST')]).toEqual([403, 403]);
  });

  test.each([
    ['cross-site', 'no-cors', 403],
    ['same-site', 'no-cors', 403],
    ['same-site', 'websocket', 403],
    ['cross-site', 'cors', 403],
    ['same-origin', 'cors', 200],
    ['none', 'navigate', 200],
    ['cross-site', 'navigate', 200],
  ] as const)('that asks %s, %s, gets %d', async (site, mode, status) => {
    const headers = { 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': mode };
    expect(await statusOf(headers)).toBe(status);
    if (mode === 'navigate' && site === 'cross-site') expect(await statusOf(headers, 'POST')).toBe(403);
  });

  test('gets no leave to read, and its browser none to ask', async () => {
    const headers = { Origin: 'http://evil.test', 'Access-Control-Request-Method': 'POST' };
    const answers = [await to(app(), headers, 'OPTIONS'), await to(app(), headers)];
    for (const { headers: told } of answers) {
      expect(Object.keys(told).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(told['cross-origin-resource-policy']).toBe('same-origin');
    }
  });
});

describe('a page of a listed origin', () => {
  const listed = useTestApp({ corsOrigins: [PARTNER] });
  const headers = { Origin: PARTNER };

  test('may read, and its browser says what it may send', async () => {
    const preflight = { ...headers, 'Access-Control-Request-Method': 'POST' };
    const { status, headers: told } = await to(listed(), preflight, 'OPTIONS', '/api/queue/enqueue');
    expect(status).toBe(204);
    expect(told).toMatchObject({
      'access-control-allow-origin': PARTNER,
      'access-control-allow-methods': 'GET,HEAD,POST,DELETE',
    });
    expect(told['access-control-allow-headers']).toMatch(/Authorization.*Idempotency-Key/);
    expect(told['access-control-allow-credentials']).toBeUndefined();
    const read = await to(listed(), headers);
    expect(read.status).toBe(200);
    expect(read.headers['access-control-expose-headers']).toMatch(/ETag/);
    expect(read.headers.vary).toContain('Origin');
  });

  test('needs a key of its own: the cookie of who is signed in is not for it', async () => {
    const token = await makeKey(listed().file, ['admin'], { clock: listed().clock });
    const Cookie = await cookieOf(listed().app, token);
    expect((await to(listed(), { Cookie })).status).toBe(200);
    const path = '/api/queue/tasks/1/cancel';
    expect((await to(listed(), { ...headers, Cookie }, 'POST', path)).status).toBe(401);
    expect((await to(listed(), { ...headers, Cookie })).status).toBe(401);
    expect((await to(listed(), { ...headers, 'X-API-Key': token })).status).toBe(200);
    const refused = await to(listed(), headers);
    expect(refused.headers['access-control-allow-origin']).toBe(PARTNER);
  });

  test('leaves all others out', async () => {
    const { status, headers: told } = await to(listed(), { Origin: 'https://evil.test' });
    expect([status, told['access-control-allow-origin']]).toEqual([403, undefined]);
  });
});

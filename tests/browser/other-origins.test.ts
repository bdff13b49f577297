import { expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { makeKey } from '../support/access.js';
import { ATTACK_PAGE, AttackServer, storedIn } from '../support/browser/attack.js';
import { describeInBrowser, untilLive } from '../support/browser/page.js';
import { type QueueServer, startQueueServer } from '../support/browser/queue-server.js';
import { signIn } from '../support/browser/sign-in.js';
import { onTestEnd } from '../support/cleanup.js';
import { eventually } from '../support/waiting.js';

/** In everything that nobody else should read. */
const SECRET = 'tiger';

/** Refusals; and 204, where a rebound host signs itself out, which is nobody else. */
const HARMLESS = [401, 403, 415, 422, 429, 204];

/** Browsing of its own. The attacker's page may break what policies it likes. */
async function openBrowsing(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext();
  onTestEnd(() => context.close());
  return context;
}

/** A server with a task that waits, and one that is done. */
async function startVictim(...args: string[]): Promise<QueueServer> {
  const server = await startQueueServer('--log-format', 'json', ...args);
  await server.client.enqueueMany([{ type: SECRET }, { type: SECRET }]);
  await server.client.post('/queue/tasks/2/cancel');
  await eventually(() => writesTo(server).length === 2);
  return server;
}

/** A page with the script of an attacker, the server that it is after, and by which name it calls that. */
interface Attack {
  page: Page;
  server: QueueServer;
  target: string;
}

async function visit(context: BrowserContext, host: string): Promise<[Page, AttackServer]> {
  const attacker = await new AttackServer().start();
  const page = await context.newPage();
  await page.goto(`http://${host}:${attacker.port}/`);
  return [page, attacker];
}

async function fromElsewhere(context: BrowserContext, host: string): Promise<Attack> {
  const [page] = await visit(context, host);
  const server = await startVictim();
  return { page, server, target: server.url };
}

/** The page's name leads to the attacker first, and then to the server: for the browser both are one. */
async function fromReboundHost(context: BrowserContext): Promise<Attack> {
  const [page, attacker] = await visit(context, 'evil.test');
  const { port } = attacker;
  await attacker.stop();
  const server = await startVictim('--port', `${port}`);
  return { page, server, target: `http://evil.test:${port}` };
}

const ORIGINS = {
  'another port of this machine': (context: BrowserContext) => fromElsewhere(context, '127.0.0.1'),
  'another host': (context: BrowserContext) => fromElsewhere(context, 'evil.test'),
  'a rebound host': fromReboundHost,
};

const attack = (page: Page, target: string): Promise<string[]> =>
  page.evaluate(`attack(${JSON.stringify(target)})`);

/** What the server was asked to change, besides what browsers ask beforehand. */
const writesTo = (server: QueueServer) =>
  server.answered.filter(({ method, path }) => /POST|DELETE/.test(method) && path.startsWith('/api'));

/** All that can be tried; what it found, and what the server said to what it was asked to change. */
async function attackAll({ page, server, target }: Attack) {
  const known = writesTo(server).length;
  const found = await attack(page, target);
  await Promise.all([
    page.waitForURL(`${target}/api/queue/enqueue`),
    page.evaluate(`attackByLeaving(${JSON.stringify(target)})`),
  ]);
  const asked = () => writesTo(server).slice(known);
  // What fetch may send unasked; six beacons, nine forms, and the one that leaves.
  await eventually(() => asked().length >= 20 + 6 + 9 + 1);
  return { found, statuses: new Set(asked().map(({ status }) => status)) };
}

describeInBrowser(
  'a page that somebody visits',
  (browser) => {
    test.each(Object.entries(ORIGINS))(
      'from %s, can neither read nor change anything on a server without keys',
      async (_, from) => {
        const attack = await from(await openBrowsing(browser()));
        const before = storedIn(attack.server.database);
        const { found, statuses } = await attackAll(attack);
        expect(found.filter((text) => text.includes(SECRET))).toEqual([]);
        expect([...statuses].filter((status) => !HARMLESS.includes(status))).toEqual([]);
        expect(storedIn(attack.server.database)).toEqual(before);
      },
    );

    test.each(Object.entries(ORIGINS))(
      'from %s, cannot do what somebody may who is signed in there',
      async (_, from) => {
        const context = await openBrowsing(browser());
        const attack = await from(context);
        const { server } = attack;
        const dashboard = await context.newPage();
        const key = await makeKey(server.database, ['admin'], { name: 'ada' });
        await dashboard.goto(server.url);
        await signIn(dashboard, key);
        await untilLive(dashboard);
        const before = storedIn(server.database);
        const { found, statuses } = await attackAll(attack);
        expect(found.filter((text) => text.includes(SECRET))).toEqual([]);
        expect([...statuses].filter((status) => !HARMLESS.includes(status))).toEqual([]);
        expect(storedIn(server.database)).toEqual(before);
        await dashboard.goto(`${server.url}/tasks/1`);
        await dashboard.getByRole('heading', { name: `#1 ${SECRET}` }).waitFor();
      },
    );

    test('would do all of it from the server itself: what the others are kept from works', async () => {
      const server = await startVictim();
      const before = storedIn(server.database);
      const context = await openBrowsing(browser());
      const page = await context.newPage();
      await page.route('**/kittens', (route) =>
        route.fulfill({ contentType: 'text/html', body: ATTACK_PAGE }),
      );
      await page.goto(`${server.url}/kittens`);
      const found = await attack(page, server.url);
      const ways = new Set(found.map((text) => text.split(/[: ]/)[0]));
      expect([...ways]).toEqual(expect.arrayContaining(['fetch', 'EventSource']));
      expect(found.filter((text) => text.includes(SECRET)).length).toBeGreaterThan(5);
      const after = storedIn(server.database);
      expect(after.tasks.length).toBeGreaterThan(before.tasks.length);
      expect(after.tasks[0]).toBe(`1 ${SECRET} failed`);
    });

    test('is told, where it is the dashboard by a name that may be anybody’s, what to do', async () => {
      const { url } = await startVictim();
      const page = await (await openBrowsing(browser())).newPage();
      await page.goto(url.replace('127.0.0.1', 'evil.test'));
      await page.getByText('Host name not allowed: evil.test').waitFor();
      await page.goto(url.replace('127.0.0.1', 'localhost'));
      await untilLive(page);
    });

    test('from a listed origin, enqueues and polls with a key, and reads the headers', async () => {
      const [page, { port }] = await visit(await openBrowsing(browser()), 'partner.test');
      const server = await startQueueServer('--cors-origins', `http://partner.test:${port}`);
      const key = await makeKey(server.database, ['enqueue', 'read'], { name: 'partner' });
      const told = await page.evaluate(`(async () => {
        const headers = { Authorization: 'Bearer ${key}', 'Content-Type': 'application/json', 'Idempotency-Key': 'k' };
        const base = '${server.url}/api/queue';
        const made = await fetch(base + '/enqueue', { method: 'POST', headers, body: '{"type":"mail"}' });
        const { task_id } = await made.json();
        const poll = await fetch(base + '/tasks/' + task_id, { headers });
        const tag = poll.headers.get('ETag');
        const again = await fetch(base + '/tasks/' + task_id, { headers: { ...headers, 'If-None-Match': tag } });
        const refused = await fetch(base + '/stats', { credentials: 'omit' });
        return [made.status, made.headers.get('Location'), (await poll.json()).type, poll.headers.get('Retry-After'),
          poll.headers.get('X-Request-Id') !== null, tag !== null, again.status, refused.status];
      })()`);
      expect(told).toEqual([
        201,
        '/api/queue/tasks/1',
        'mail',
        expect.stringMatching(/^\d+$/),
        true,
        true,
        304,
        401,
      ]);
    });
  },
  ['--host-resolver-rules=MAP evil.test 127.0.0.1,MAP partner.test 127.0.0.1'],
);

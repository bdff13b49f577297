import { describe, expect, test } from '@jest/globals';
import { keysOf } from '../support/access.js';
import { Client } from '../support/client.js';
import { useGuardedServer } from '../support/guarded-server.js';
import { rawReply } from '../support/http-clients.js';
import { get } from '../support/request-cases.js';

const open = useGuardedServer();
const closed = useGuardedServer(({ file }) => keysOf(file).create('somebody'));

/** Words of files that must not be served: of the project, of the system, of the source. */
const SECRETS = /"devDependencies"|root:x:|createRequire|import |\[boot/;

const TRICKS = [
  '/../package.json',
  '/docs/../../../package.json',
  '/docs/..%2f..%2f..%2fpackage.json',
  '/docs/%2e%2e/%2e%2e/%2e%2e/package.json',
  '/docs/%252e%252e%252f%252e%252e%252fpackage.json',
  '/docs/..\\..\\..\\package.json',
  '/docs/..%5c..%5c..%5cpackage.json',
  '/docs//etc/passwd',
  '/docs/.%00./package.json',
  '/docs/index.html%00.css',
  '/docs/.../.../package.json',
  '/docs/%c0%ae%c0%ae/package.json',
  '/docs/file:///etc/passwd',
  '/docs/C:%5cWindows%5cwin.ini',
  '/assets/../index.html',
  '/assets/..%2findex.html',
  '/assets/%2e%2e%2f%2e%2e%2fmain.js',
  '/assets/.',
  '/assets/..',
  '/assets/...',
  '/assets//index.html',
  '/assets/constructor',
  '/assets/__proto__',
  '//etc/passwd',
  '//localhost/api/health',
  '/.git/config',
  '/dist/main.js',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/etc/passwd',
  '/api/../package.json',
  '/api/queue/../../package.json',
  '/%',
  '/%zz',
  '/%ff%fe',
  '/docs/%',
  '/docs/%ff',
  '/assets/%ff',
  '/api/queue/tasks/%',
  '/api/queue/tasks/%00',
  '/api/queue/tasks/1%2fcancel',
  '/api/queue/tasks/..%2f..%2fhealth',
  '/api//queue/tasks/1',
  '/api/queue//tasks/1',
  '/API/queue/tasks/1',
  '/api/queue/tasks/１',
  '/api/queue/tasks/1;a=b',
  '/api/queue/tasks/1.json',
  '/api/queue/tasks/0x1',
  '/api/queue/tasks/1e0',
  '/api/queue/tasks/+1',
  '/api/queue/tasks/-1',
  '/api/queue/tasks/%201',
  '/;/api/health',
  '*',
  'http://',
  'http://other.example/',
  'http://other.example/../../etc/passwd',
  'javascript:alert(1)',
];

/** That of the answer, with its body. */
async function ask(port: number, target: string, ...lines: string[]) {
  const { received, statuses } = await rawReply(port, get(target, 'Connection: close', ...lines));
  const body = received.slice(received.indexOf('\r\n\r\n') + 4);
  return { status: statuses[0], body, received };
}

describe('a target that is none of ours', () => {
  test.each(TRICKS)('%s leads nowhere', async (target) => {
    const { port, url } = open();
    const { status, body } = await ask(port, encodeURI(target).replaceAll('%25', '%'));
    expect([400, 404, 422, 301, 302, 200]).toContain(status);
    // The only pages that there are to be had by other names.
    if (status === 200) expect(body).toMatch(/^(?:<!doctype html>)/i);
    expect(body).not.toMatch(SECRETS);
    expect((await new Client(url).get('/health')).status).toBe(200);
  });

  test.each([
    '/api/queue/tasks',
    '/api/queue/tasks/1',
    '/api/queue/stats',
    '/api/audit',
    '/api/queue/tasks/1/logs',
  ])('leads to %s without a key as little as its own name does', async (path) => {
    const { port } = closed();
    const disguises = [
      path,
      `${path}/`,
      `${path}?`,
      `${path}#`,
      `/${path}`,
      `//localhost${path}`,
      path.replace('/api', '/api/'),
      path.replace('/api', '/./api'),
      path.replace('/api', '/x/../api'),
      path.replace('/api', '/docs/../api'),
      path.replace('/api', '/docs/..%2fapi'),
      path.replace('api', '%61pi'),
      path.replace('api', 'API'),
      path.replaceAll('/', '%2f'),
      path.replaceAll('/', '\\'),
      `${path};x`,
      `${path}%00`,
      `${path}%20`,
      `${path}..;/`,
      `http://localhost${path}`,
      `http://x@localhost${path}`,
      `https://localhost:1${path}`,
    ];
    for (const target of disguises) {
      const { status, body } = await ask(port, target, 'X-Original-URL: /api/health', 'X-Rewrite-URL: /');
      expect([target, status, body]).toEqual([
        target,
        expect.any(Number),
        expect.not.stringMatching(/task_id/),
      ]);
      expect([400, 401, 404]).toContain(status);
    }
  });
});

test('a path of any length is answered', async () => {
  const { port } = open();
  const segments = ['a', '/', '%2f', '../', '%2e%2e/', '1', '%41'];
  for (const segment of segments) {
    for (const prefix of ['/', '/docs/', '/assets/', '/api/queue/tasks/']) {
      const target = prefix + segment.repeat(Math.floor(8_000 / segment.length));
      const { status, body } = await ask(port, target);
      expect([400, 404, 422]).toContain(status);
      expect(body.length).toBeLessThan(20_000);
    }
  }
});

test('a method that says it is another one is not believed', async () => {
  const { port, url } = open();
  const client = new Client(url);
  const id = await client.enqueue('mail');
  for (const line of ['X-HTTP-Method-Override: POST', 'X-Method-Override: POST']) {
    expect((await ask(port, `/api/queue/tasks/${id}/cancel`, line)).status).toBe(405);
    expect((await ask(port, `/api/queue/tasks/${id}/cancel?_method=POST`, line)).status).toBe(405);
  }
  expect((await client.task(id)).status).toBe('queued');
});

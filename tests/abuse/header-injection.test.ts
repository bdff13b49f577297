import { describe, expect, test } from '@jest/globals';
import { keysOf } from '../support/access.js';
import { useGuardedServer } from '../support/guarded-server.js';
import { rawReply } from '../support/http-clients.js';
import { get, poll } from '../support/request-cases.js';

const open = useGuardedServer();
const closed = useGuardedServer(({ file }) => keysOf(file).create('somebody'));

/** What somebody would like to see in an answer as a header or a body of his own. */
const MARK = 'X-Injected';

const VALUES = [
  `a\r\n${MARK}: 1`,
  `a\n${MARK}: 1`,
  `a\r${MARK}: 1`,
  `a\r\n\r\n<script>${MARK}</script>`,
  `a%0d%0a${MARK}:%201`,
  `a\\r\\n${MARK}: 1`,
  `a\u0085${MARK}: 1`,
  `å\u0130${MARK}`,
  `a\0${MARK}: 1`,
  `a\x0b${MARK}: 1`,
  `嘊嘍${MARK}: 1`,
];

const NAMES = [
  'X-Request-Id',
  'Idempotency-Key',
  'Host',
  'Origin',
  'If-None-Match',
  'Prefer',
  'Last-Event-ID',
  'X-Forwarded-For',
  'X-Forwarded-Proto',
  'X-Forwarded-Host',
  'Authorization',
  'X-API-Key',
  'Cookie',
  'traceparent',
  'Referer',
];

const enqueue = (...lines: string[]): string => {
  const body = '{"type":"mail"}';
  const head = ['POST /api/queue/enqueue HTTP/1.1', 'Host: localhost', 'Connection: close', ...lines];
  return [...head, 'Content-Type: application/json', `Content-Length: ${body.length}`, '', body].join('\r\n');
};

/** Asserts that each answer is one of ours, with nothing in its head that a client has put there. */
function expectNothingInjected(received: string): void {
  for (const answer of received.split(/(?=HTTP\/1\.1 \d{3} )/)) {
    const head = answer.split('\r\n\r\n')[0] as string;
    for (const line of head.split('\r\n').slice(1)) {
      expect(line).toMatch(/^[A-Za-z-]+: [\x20-\x7e]*$/);
      expect(line).not.toMatch(new RegExp(`^${MARK}`, 'i'));
    }
    expect(head).not.toContain('<script>');
  }
}

describe('a header that carries more than it says', () => {
  test.each(NAMES)('%s does not split the answer', async (name) => {
    const requests = (value: string) => [
      poll(1, `${name}: ${value}`, 'Connection: close'),
      get('/api/queue/tasks?limit=1', `${name}: ${value}`, 'Connection: close'),
      get('/docs/', `${name}: ${value}`, 'Connection: close'),
      enqueue(`${name}: ${value}`),
    ];
    const sendAll = async (port: number) => {
      for (const value of VALUES) {
        for (const request of requests(value)) {
          const { received, statuses } = await rawReply(port, Buffer.from(request).toString('latin1'));
          expect(statuses).toHaveLength(1);
          expect(statuses[0]).toBeLessThan(500);
          expectNothingInjected(received);
        }
      }
    };
    await sendAll(open().port);
    // The same with what a 401 says besides.
    await sendAll(closed().port);
  });
});

test('what a path or a query says is not in the head of the answer unless encoded', async () => {
  const { port } = open();
  for (const value of [`%0d%0a${MARK}:%201`, `%E5%98%8A%E5%98%8D${MARK}`, `"%3e<script>${MARK}</script>`]) {
    for (const path of [
      `/docs/${value}`,
      `/redoc/${value}`,
      `/${value}`,
      `/api/queue/tasks?type=${value}&limit=1`,
      `/api/queue/stats/types?limit=1&after=${value}`,
      `/api/queue/tasks?cursor=${value}`,
      `/api/queue/changes?cursor=${value}`,
    ]) {
      const { received, statuses } = await rawReply(port, get(path, 'Connection: close'));
      expect(statuses).toHaveLength(1);
      expect(statuses[0]).toBeLessThan(500);
      expectNothingInjected(received);
      // What is shown of it is JSON or plain text to a browser, never a page.
      if (received.includes('<script>')) expect(received).not.toMatch(/^Content-Type: text\/html/m);
    }
  }
});

test('a header that comes again and again is refused or read once', async () => {
  const { port } = open();
  const key = 'Authorization: Bearer spool_x';
  for (const name of [
    'Host',
    'Content-Length',
    'Content-Type',
    'Idempotency-Key',
    'If-None-Match',
    'Origin',
  ]) {
    const lines = Array.from(
      { length: 50 },
      (_, n) => `${name}: ${name === 'Content-Length' ? 15 : `v${n}`}`,
    );
    const { statuses, received } = await rawReply(port, enqueue(key, ...lines));
    expect(statuses).toHaveLength(1);
    expect(statuses[0]).toBeLessThan(500);
    expectNothingInjected(received);
  }
});

import { describe, expect, test } from '@jest/globals';
import { Client } from '../support/client.js';
import { startGuardedServer, useGuardedServer } from '../support/guarded-server.js';
import { RawClient } from '../support/http-clients.js';
import { poll } from '../support/request-cases.js';

const open = useGuardedServer();

/** How many tasks there are. */
const enqueued = async (): Promise<number> => (await new Client(open().url).stats()).total_tasks;

const BODY = '{"type":"outer"}';
/** A request that nobody may have sent: a proxy would have seen it as a body. */
const SMUGGLED =
  'POST /api/queue/enqueue HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n{"type":"smuggled"}';

const post = (lines: string[], body: string): string =>
  [
    'POST /api/queue/enqueue HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/json',
    ...lines,
    '',
    body,
  ].join('\r\n');

const chunked = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;

const UNCLEAR: [string, string][] = [
  ['two lengths', post([`Content-Length: ${BODY.length}`, 'Content-Length: 0'], BODY)],
  ['two lengths in one line', post([`Content-Length: ${BODY.length}, 0`], BODY)],
  ['the same length twice in one line', post([`Content-Length: ${BODY.length}, ${BODY.length}`], BODY)],
  ['a length with a sign', post([`Content-Length: +${BODY.length}`], BODY)],
  ['a length in hexadecimal', post(['Content-Length: 0x10'], BODY)],
  ['a length beyond counting', post([`Content-Length: ${'9'.repeat(40)}`], BODY)],
  ['a length that is less than nothing', post(['Content-Length: -1'], BODY)],
  ['a length and chunks', post(['Content-Length: 4', 'Transfer-Encoding: chunked'], chunked(BODY))],
  ['chunks and a length', post(['Transfer-Encoding: chunked', 'Content-Length: 4'], chunked(BODY))],
  ['chunks that are not last', post(['Transfer-Encoding: chunked, identity'], chunked(BODY))],
  ['chunks by another name', post(['Transfer-Encoding: xchunked'], chunked(BODY))],
  ['chunks behind a strange space', post(['Transfer-Encoding:\x0bchunked'], chunked(BODY))],
  ['a space before the colon', post(['Transfer-Encoding : chunked', 'Content-Length: 4'], chunked(BODY))],
  ['a continued line', post(['Transfer-Encoding:', ' chunked', 'Content-Length: 4'], chunked(BODY))],
  ['a bare line feed in the head', post([`X: y\nContent-Length: ${BODY.length}`], BODY)],
  ['a chunk of a negative size', post(['Transfer-Encoding: chunked'], `-1\r\n${BODY}\r\n0\r\n\r\n`)],
  ['a chunk that is no number', post(['Transfer-Encoding: chunked'], `zz\r\n${BODY}\r\n0\r\n\r\n`)],
  ['a chunk beyond counting', post(['Transfer-Encoding: chunked'], `${'f'.repeat(40)}\r\n${BODY}`)],
  ['a chunk longer than it says', post(['Transfer-Encoding: chunked'], `2\r\n${BODY}\r\n0\r\n\r\n`)],
];

/** All that comes back until the server closes the connection. */
async function send(port: number, text: string): Promise<RawClient> {
  const client = await RawClient.connect(port);
  client.write(text);
  await client.isClosed();
  return client;
}

describe('a request of which it is unclear where it ends', () => {
  test.each(UNCLEAR)('%s: is refused, and nothing behind it is taken for a request', async (_what, text) => {
    const { port } = open();
    const before = await enqueued();
    const { statuses } = await send(port, text + SMUGGLED);
    expect(statuses).toEqual([400]);
    expect(await enqueued()).toBe(before);
  });
});

describe('a request in the body of another', () => {
  test.each([
    ['with its length', `GET /api/queue/tasks/1 HTTP/1.1\r\nHost: x\r\nContent-Length: ${SMUGGLED.length}`],
    [
      'of a method without a body',
      `HEAD /api/health HTTP/1.1\r\nHost: x\r\nContent-Length: ${SMUGGLED.length}`,
    ],
    [
      'of a path that is not there',
      `POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: ${SMUGGLED.length}`,
    ],
    ['of a page', `GET /docs HTTP/1.1\r\nHost: x\r\nContent-Length: ${SMUGGLED.length}`],
  ])('%s is no request', async (_what, head) => {
    const { port } = open();
    const before = await enqueued();
    const { statuses } = await send(port, `${head}\r\nConnection: close\r\n\r\n${SMUGGLED}`);
    expect(statuses.length).toBeLessThanOrEqual(1);
    expect(await enqueued()).toBe(before);
  });

  test('in chunks is none either, nor in what a chunk says besides, nor in a trailer', async () => {
    const { port } = open();
    const before = await enqueued();
    const head =
      'GET /api/queue/tasks/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n';
    await send(port, head + chunked(SMUGGLED));
    await send(port, `${head}1;x="${'a'.repeat(200)}"\r\na\r\n0\r\nContent-Length: 5\r\nHost: y\r\n\r\n`);
    expect(await enqueued()).toBe(before);
  });
});

describe('many requests at once on one connection', () => {
  test('are each answered once, in their order, on any transport', async () => {
    const { port } = open();
    const before = await enqueued();
    const client = new Client(open().url);
    const ids = await client.enqueueMany(Array.from({ length: 50 }, (_, n) => ({ type: `t${n}` })));
    const all = ids.map((id) => poll(id, `X-Request-Id: poll-${id}`)).join('');
    const close = poll(99_999, 'X-Request-Id: last', 'Connection: close');
    const { received } = await send(port, all + post([`Content-Length: ${BODY.length}`], BODY) + close);
    const order = [...received.matchAll(/X-Request-Id: (\S+)/g)].map(([, id]) => id);
    expect(order.slice(0, 50)).toEqual(ids.map((id) => `poll-${id}`));
    expect(order).toHaveLength(52);
    expect(order[51]).toBe('last');
    expect(await enqueued()).toBe(before + 51);
  });

  test('end with the first that asks to', async () => {
    const { port } = open();
    const before = await enqueued();
    const first = poll(1, 'Connection: close');
    const { statuses } = await send(port, first + SMUGGLED);
    // Node may refuse what comes too late before the answer is there.
    expect(statuses).toHaveLength(1);
    expect([404, 400]).toContain(statuses[0]);
    expect(await enqueued()).toBe(before);
  });

  test('are not read without end while nobody takes the answers', async () => {
    const { port, url } = await startGuardedServer({ silentMs: 60_000 });
    const client = await RawClient.connect(port);
    client.socket.pause();
    const many = poll(1).repeat(1_000);
    for (let n = 0; n < 1_000 && client.socket.writableLength === 0; n++) {
      client.write(many);
      expect((await new Client(url).get('/health')).status).toBe(200);
    }
    // The rest is still on this side: the server reads no more than it can answer.
    expect(client.socket.writableLength).toBeGreaterThan(0);
  });
});

import { describe, expect, test } from '@jest/globals';
import { Client } from '../support/client.js';
import { useGuardedServer } from '../support/guarded-server.js';
import { RawClient, rawReply } from '../support/http-clients.js';
import { get, poll } from '../support/request-cases.js';

const open = useGuardedServer();

/** More than a request's head may have. */
const LARGE = 'a'.repeat(17 * 1024);

const PER_LINE = 8;

const TOO_LARGE: [string, string][] = [
  ['one header', poll(1, `X-Large: ${LARGE}`)],
  ['the name of a header', poll(1, `${LARGE}: x`)],
  ['all headers together', poll(1, ...Array.from({ length: 3_000 }, (_, n) => `a${n}: bcdef`))],
  ['the path', get(`/${LARGE}`)],
  ['the query', get(`/api/queue/tasks?type=${LARGE}`)],
  ['a key', poll(1, `Authorization: Bearer ${LARGE}`)],
  ['a cookie', poll(1, `Cookie: spoolite_session=${LARGE}`)],
  ['where proxies say it came from', poll(1, `X-Forwarded-For: ${'1.2.3.4,'.repeat(3_000)}`)],
  [
    'a header of a write',
    `POST /api/queue/enqueue HTTP/1.1\r\nHost: x\r\nIdempotency-Key: ${LARGE}\r\nContent-Length: 2\r\n\r\n{}`,
  ],
];

describe('a request whose head is too large', () => {
  test.each(TOO_LARGE)('by %s is refused, and its connection closed', async (_what, request) => {
    const { port, url } = open();
    const client = await rawReply(port, request);
    expect(client.statuses).toEqual([431]);
    expect((await new Client(url).get('/health')).status).toBe(200);
  });

  test('is refused after ones that were answered, and whatever comes after it is not', async () => {
    const { port } = open();
    const client = await RawClient.connect(port);
    client.write(poll(1));
    await client.has('TASK_NOT_FOUND');
    client.write(poll(1, `X-Large: ${LARGE}`) + poll(2));
    await client.isClosed();
    expect(client.statuses).toEqual([404, 431]);
  });

  test('is not kept while it grows: an endless header ends', async () => {
    const { port, url } = open();
    const client = await RawClient.connect(port);
    client.write('GET /api/queue/tasks/1 HTTP/1.1\r\nX-Endless: ');
    for (let sent = 0; !client.closed && sent < 1_000; sent++) {
      client.write('a'.repeat(1_000));
      if (sent % PER_LINE === 0) await new Client(url).get('/health');
    }
    await client.isClosed();
    expect(client.statuses).toEqual([431]);
  });

  test('may be just small enough', async () => {
    const { port } = open();
    const client = await rawReply(port, poll(1, `X-Large: ${'a'.repeat(15 * 1024)}`, 'Connection: close'));
    expect(client.statuses).toEqual([404]);
  });
});

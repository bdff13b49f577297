import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApp } from '../../src/index.js';
import { RawClient } from '../support/http-clients.js';

const app = createApp({ database: ':memory:' });
const express = createServer(app);
const ports = { express: 0, server: 0 };

beforeAll(async () => {
  await app.queue.enqueue({ type: 'mail' });
  ports.server = Number(new URL(await app.start({ port: 0 })).port);
  await new Promise<void>((resolve) => express.listen(0, '127.0.0.1', resolve));
  ports.express = (express.address() as AddressInfo).port;
});

afterAll(async () => {
  express.closeAllConnections();
  express.close();
  await app.stop();
});

const BODY = '{"type":"mail"}';
const LINES: [string, string, string][] = [
  ['a poll', 'GET /api/queue/tasks/1', ''],
  ['a list', 'GET /api/queue/tasks', ''],
  ['an enqueue', 'POST /api/queue/enqueue', BODY],
  ['a page', 'GET /', ''],
  ['nothing that is there', 'GET /nowhere', ''],
];

/** The statuses of the answers to a request with these host headers, once the server has closed the connection. */
async function statuses(port: number, line: string, body: string, ...hosts: string[]): Promise<number[]> {
  const client = await RawClient.connect(port);
  const content = body && `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
  client.write(`${line} HTTP/1.1\r\n${hosts.join('\r\n')}\r\n${content}Connection: close\r\n\r\n${body}`);
  await client.isClosed();
  return client.statuses;
}

describe.each(['express', 'server'] as const)('a request that names its host twice, to %s', (transport) => {
  test.each(LINES)('is refused: %s', async (_what, line, body) => {
    expect(await statuses(ports[transport], line, body, 'Host: localhost', 'Host: evil.test')).toEqual([400]);
    expect(await statuses(ports[transport], line, body, 'Host: localhost', 'hOST: localhost')).toEqual([400]);
    expect(await statuses(ports[transport], line, body, 'Host: localhost', 'X-Host: evil.test')).not.toEqual([
      400,
    ]);
  });

  test('changes nothing, and closes a connection that would stay', async () => {
    const client = await RawClient.connect(ports[transport]);
    client.write('GET /api/queue/tasks/1 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n');
    await client.isClosed();
    expect(client.statuses).toEqual([400]);
    expect(client.received).toContain('Connection: close');
  });
});

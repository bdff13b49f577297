import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { POLL_LIMITS } from '../../src/core/limits.js';
import { CONNECTION_LIMITS } from '../../src/http/connection-limits.js';
import { createApp } from '../../src/index.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { projectFile } from '../support/documentation.js';
import { describeWith, testCertificate } from '../support/processes.js';
import { until } from '../support/waiting.js';
import { HttpsClient, Nginx } from './nginx.js';

const MEGABYTE = 1024 * 1024;
const CONFIGURATION = projectFile('docs/operations/nginx.conf');

const seconds = (directive: string): number =>
  Number(new RegExp(`^\\s*${directive} (\\d+)s;$`, 'm').exec(CONFIGURATION)?.[1]);

/** nginx in front of that port, and a client of it. */
async function proxyTo(port: number, folder: string) {
  const certificate = testCertificate(folder);
  const nginx = await Nginx.configured(join(folder, 'nginx'), port, certificate);
  await nginx.start();
  const clientOf = () => {
    const client = new HttpsClient(nginx.url, certificate.ca);
    onTestEnd(() => client.close());
    return client;
  };
  return { nginx, client: clientOf(), clientOf };
}

/** Spoolite in this process, nginx in front of it, and a client of that. */
async function open() {
  const folder = scratchFolder();
  const app = createApp({ database: join(folder, 'queue.db') });
  onTestEnd(() => app.stop({ graceSeconds: 0 }));
  const port = Number(new URL(await app.start({ port: 0 })).port);
  return { app, port, ...(await proxyTo(port, folder)) };
}

/** Enqueues a task that nobody works on. */
async function enqueue(client: HttpsClient): Promise<number> {
  const { status, text } = await client.post('/api/queue/enqueue', { type: 'mail' });
  expect(status).toBe(201);
  return JSON.parse(text).task_id;
}

const cancel = (client: HttpsClient, id: number) => client.post(`/api/queue/tasks/${id}/cancel`, {});

describeWith('nginx', 'Spoolite behind the documented configuration of nginx', () => {
  test('nginx finds nothing to say against it', async () => {
    const folder = scratchFolder();
    const nginx = await Nginx.configured(folder, 8000, testCertificate(folder));
    const { code, output } = nginx.check();
    expect(output).not.toMatch(/warn|error|emerg/);
    expect(code).toBe(0);
  });

  test('polls are answered, and cost a 304 when nothing has changed', async () => {
    const { client } = await open();
    const id = await enqueue(client);
    const { status, headers, text } = await client.get(`/api/queue/tasks/${id}`);
    expect([status, JSON.parse(text).status]).toEqual([200, 'queued']);
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
    expect(headers['retry-after']).toBeDefined();
    const again = await client.get(`/api/queue/tasks/${id}`, { 'If-None-Match': headers.etag as string });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  test('a long poll is answered when the task changes', async () => {
    const { client, clientOf } = await open();
    const id = await enqueue(client);
    const { headers } = await client.get(`/api/queue/tasks/${id}`);
    const tag = { 'If-None-Match': headers.etag as string };
    const waiting = client.get(`/api/queue/tasks/${id}?wait=60`, tag);
    await cancel(clientOf(), id);
    const { status, text } = await waiting;
    expect([status, JSON.parse(text).status]).toEqual([200, 'failed']);
  });

  test.each(['/api/queue/events', '/api/queue/tasks/1/events'])('%s come as they happen', async (path) => {
    const { client, clientOf } = await open();
    const id = await enqueue(client);
    const { res } = await clientOf().begin(path);
    onTestEnd(() => res.destroy());
    let received = '';
    res.on('data', (piece) => {
      received += piece;
    });
    expect(res.headers['content-type']).toContain('text/event-stream');
    await until(() => received.includes('retry:'));
    await cancel(client, id);
    await until(() => received.includes('"failure_reason":"cancelled"'));
  });

  test('a batch of 8 MB passes, and a larger one is refused by Spoolite', async () => {
    const { client } = await open();
    const batchOf = (bytes: number) => ({
      tasks: Array.from({ length: 10 }, () => ({ type: 'mail', payload: { text: 'x'.repeat(bytes / 10) } })),
    });
    const { status, text } = await client.post('/api/queue/enqueue/batch', batchOf(8 * MEGABYTE - 2_000));
    expect([status, JSON.parse(text).tasks.length]).toEqual([201, 10]);
    const larger = await client.post('/api/queue/enqueue/batch', batchOf(8 * MEGABYTE + 10));
    expect(larger.status).toBe(413);
    expect(JSON.parse(larger.text).error_code).toBe('PAYLOAD_TOO_LARGE');
  });

  test('connections are kept on both sides', async () => {
    const { client, port } = await open();
    let accepted = 0;
    const count = (message: unknown) => {
      if ((message as { socket: Socket }).socket.localPort === port) accepted++;
    };
    subscribe('net.server.socket', count);
    onTestEnd(() => unsubscribe('net.server.socket', count));
    const id = await enqueue(client);
    for (let n = 0; n < 20; n++) {
      const { status, reused } = await client.get(`/api/queue/tasks/${id}`);
      expect([status, reused]).toEqual([200, true]);
    }
    expect(accepted).toBe(1);
  });

  test('the name asked for is passed on, and who asks is said by nginx alone', async () => {
    const seen: IncomingHttpHeaders[] = [];
    const upstream = createServer((req, res) => {
      seen.push(req.headers);
      res.end();
    }).listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    onTestEnd(() => upstream.close());
    const { client } = await proxyTo((upstream.address() as AddressInfo).port, scratchFolder());
    const host = 'localhost:8443';
    await client.get('/', { Host: host, 'X-Forwarded-For': '6.6.6.6', 'X-Forwarded-Proto': 'gopher' });
    expect(seen[0]).toMatchObject({
      host,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': host,
      'x-forwarded-proto': 'https',
    });
    expect(seen[0]).not.toHaveProperty('connection', 'close');
  });

  test('a page of this name may change something, a page of another may not', async () => {
    const { client, nginx } = await open();
    const from = async (origin: string) => {
      const headers = { 'Content-Type': 'application/json', Origin: origin };
      const body = '{"type":"mail"}';
      const { res } = await client.begin('/api/queue/enqueue', { method: 'POST', headers, body });
      res.resume();
      await once(res, 'end');
      return res.statusCode;
    };
    expect(await from(nginx.url)).toBe(201);
    expect(await from('https://queue.example.com')).toBe(403);
  });

  test('who asks without TLS is sent on, with what he has sent', async () => {
    const { nginx } = await open();
    const url = `http://localhost:${nginx.plainPort}/api/queue/stats?a=b`;
    const { status, headers } = await fetch(url, { redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([308, 'https://localhost/api/queue/stats?a=b']);
  });
});

test('nginx waits longer than any answer may take, and lets go of a connection before Spoolite does', () => {
  expect(seconds('proxy_read_timeout')).toBeGreaterThanOrEqual(POLL_LIMITS.waitSeconds.max + 15);
  expect(seconds('keepalive_timeout') * 1000).toBeLessThan(CONNECTION_LIMITS.idleMs);
});

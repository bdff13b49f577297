import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import express from 'express';
import { onTestEnd } from '../support/cleanup.js';
import { api, useTestApp } from '../support/test-app.js';

const direct = useTestApp({}, 'file');
const proxied = useTestApp({ trustProxy: ['loopback'], allowedHosts: ['inner.test'] }, 'file');

const FIRST = '/api/queue/tasks?limit=1';

async function linkOf(app: () => ReturnType<typeof direct>, headers: Record<string, string>, path = FIRST) {
  for (let n = 0; n < 2; n++) await api.enqueue(app(), { type: `mail-${n}` });
  return (await app().http.get(path).set(headers)).headers.link as string;
}

/** Serves a listener for the length of the test; resolves to its address. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestEnd(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each([FIRST, '/api/queue/stats/types?limit=1', '/api/queue/tasks/1/logs?limit=1', '/api/audit?limit=1'])(
  'Link is absolute, and leads on as it is: %s',
  async (path) => {
    await linkOf(direct, {});
    await api.claim(direct(), {});
    await direct().http.post('/api/queue/tasks/1/cancel');
    const { headers } = await direct().http.get(path);
    const next = /^<(http:\/\/127\.0\.0\.1:\d+\/.+)>; rel="next"$/.exec(
      headers.link as string,
    )?.[1] as string;
    const page = await fetch(next);
    expect(page.status).toBe(200);
    expect(await page.json()).toHaveLength(1);
  },
);

test.each([
  ['queue.localhost:8000', 'http://queue.localhost:8000/'],
  ['[::1]:8000', 'http://[::1]:8000/'],
  ['LOCALHOST', 'http://LOCALHOST/'],
])('goes by the host that was asked for: %s', async (host, expected) => {
  expect(await linkOf(direct, { Host: host })).toContain(`<${expected}api/queue/tasks?`);
});

test.each(['localhost/x', 'localhost?', 'a@localhost', '127.0.0.1>; rel="next"', 'localhost:port'])(
  'takes nothing from a Host header that names more than a host: %s',
  async (host) => {
    const link = await linkOf(direct, { Host: host });
    // Some of these are refused outright as names that are not ours.
    if (link !== undefined) expect(link).toMatch(/^<\/api\/queue\/tasks\?[^>]+>; rel="next"$/);
  },
);

const FORWARDED = { Host: 'inner.test', 'X-Forwarded-Host': 'queue.example.org, inner.test' };

test('goes by what a trusted proxy says was asked for', async () => {
  const headers = { ...FORWARDED, 'X-Forwarded-Proto': 'https' };
  expect(await linkOf(proxied, headers)).toContain('<https://queue.example.org/api/queue/tasks?');
});

test('believes nobody else about the host', async () => {
  const link = await linkOf(direct, { 'X-Forwarded-Host': 'queue.example.org' });
  expect(link).toMatch(/^<http:\/\/127\.0\.0\.1:\d+\/api/);
});

test('never leads a client that came by https to http, whoever says so', async () => {
  const link = await linkOf(direct, { 'X-Forwarded-Proto': 'https' });
  expect(link).toMatch(/^<https:\/\/127\.0\.0\.1:\d+\/api/);
});

test('Location and Link begin with the path that the app is mounted under', async () => {
  const url = await serve(express().use('/jobs', direct().app));
  const enqueue = () =>
    fetch(`${url}/jobs/api/queue/enqueue`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"type":"mail"}',
    });
  const location = (await enqueue()).headers.get('Location') as string;
  expect(location).toMatch(/^\/jobs\/api\/queue\/tasks\/\d+$/);
  expect((await fetch(new URL(location, url))).status).toBe(200);
  await enqueue();
  const link = (await fetch(`${url}/jobs${FIRST}`)).headers.get('Link') as string;
  expect(link).toContain(`<${url}/jobs/api/queue/tasks?`);
  expect((await fetch(link.slice(1, link.indexOf('>')))).status).toBe(200);
});

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import supertest from 'supertest';
import { createApp } from '../../src/index.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { expectProblem, useTestApp } from '../support/test-app.js';

const app = useTestApp({}, 'file');

/** Addresses of the files that the page refers to. */
async function assets(): Promise<string[]> {
  const { text } = await app().http.get('/');
  return [...text.matchAll(/(?:src|href)="\.(\/assets\/[^"]+)"/g)].map(([, path]) => path as string);
}

describe('the dashboard', () => {
  test.each(['/', '/tasks', '/tasks/7', '/new', '/health', '/tasks?status=failed'])(
    'is at %s',
    async (path) => {
      const { status, headers, text } = await app().http.get(path);
      expect(status).toBe(200);
      expect(text).toContain('<div id="root"></div>');
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'content-security-policy': expect.stringContaining("default-src 'self'"),
        'cross-origin-opener-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'x-request-id': expect.any(String),
      });
      expect(text).not.toMatch(/<script(?![^>]* src=)|<style|style=|https?:\/\//);
    },
  );

  test.each(['/nope', '/tasks/abc', '/a/b/c/d'])(
    'says to a browser that there is no screen at %s',
    async (path) => {
      const { status, text } = await app().http.get(path).set('Accept', 'text/html,*/*;q=0.8');
      expect(status).toBe(404);
      const up = '../'.repeat(path.split('/').length - 2);
      expect(text).toContain(`src="${up || './'}assets/`);
      expectProblem(await app().http.get(path), 404, 'ROUTE_NOT_FOUND');
    },
  );

  test('is not sent where a program would find an API, nor endlessly deep', async () => {
    for (const path of ['/api/nope', `/${'a/'.repeat(50)}`])
      expectProblem(await app().http.get(path).set('Accept', 'text/html'), 404, 'ROUTE_NOT_FOUND');
  });

  test.each([
    ['/tasks/', '/tasks'],
    ['/tasks/1/', '/tasks/1'],
    ['/tasks/?status=failed', '/tasks?status=failed'],
  ])('leads from %s to %s', async (path, Location) => {
    const { status, headers } = await app().http.get(path);
    expect([status, headers.location]).toEqual([308, Location]);
  });

  test('has files whose names change with their content, which need not be asked for again', async () => {
    const paths = await assets();
    expect(paths.map((path) => path.split('.').at(-1)).sort()).toEqual(['css', 'js', 'svg']);
    const types = {
      css: 'text/css; charset=utf-8',
      js: 'text/javascript; charset=utf-8',
      svg: 'image/svg+xml',
    };
    for (const path of paths) {
      const { status, headers } = await app().http.get(path);
      expect(status).toBe(200);
      expect(headers['content-type']).toBe(types[path.split('.').at(-1) as keyof typeof types]);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      // A shared worker goes by the policy of its own script: with the API's it could ask for nothing.
      expect(headers['content-security-policy']).toContain("default-src 'self'");
    }
  });

  test('is sent compressed to who takes that, and weighs less than 300 KB in all', async () => {
    let weight = 0;
    // The page does not refer to all of them: its scripts do.
    const files = readdirSync(new URL('../../dist/dashboard/assets', import.meta.url));
    expect(files.length).toBeGreaterThan((await assets()).length);
    for (const path of ['/', ...files.map((name) => `/assets/${name}`)]) {
      const packed = await app().http.get(path).set('Accept-Encoding', 'gzip').buffer();
      expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
      weight += Number(packed.headers['content-length']);
      const plain = await app().http.get(path).set('Accept-Encoding', 'identity');
      expect(plain.headers['content-encoding']).toBeUndefined();
      expect(plain.headers.etag).not.toBe(packed.headers.etag);
      expect(`${packed.text ?? packed.body}`).toBe(`${plain.text ?? plain.body}`);
    }
    expect(weight).toBeGreaterThan(20_000);
    expect(weight).toBeLessThan(300_000);
  });

  test('is not sent again while it is the same', async () => {
    const { headers } = await app().http.get('/');
    const again = await app()
      .http.get('/')
      .set('If-None-Match', headers.etag as string);
    expect([again.status, again.text]).toEqual([304, '']);
    const other = await app().http.get('/').set('If-None-Match', '"other"');
    expect(other.status).toBe(200);
  });

  test('answers HEAD without a body, and refuses to be written to', async () => {
    const head = await app().http.head('/tasks');
    expect([head.status, head.text]).toEqual([200, undefined]);
    expect(Number(head.headers['content-length'])).toBeGreaterThan(100);
    const post = await app().http.post('/');
    expectProblem(post, 405, 'METHOD_NOT_ALLOWED');
    expect(post.headers.allow).toBe('GET, HEAD, OPTIONS');
  });

  test.each([
    '/tasks/x',
    '/tasks/07',
    '/elsewhere',
    '/index.html',
    '/assets/',
    '/assets/nothing.js',
    '/assets/..%2findex.html',
    '/assets/../../package.json',
    '/api/nothing',
    '/api/queue/nothing',
  ])('is not at %s', async (path) => {
    expectProblem(await app().http.get(path), 404, 'ROUTE_NOT_FOUND');
  });
});

describe('where the dashboard was not built', () => {
  test('that is said, and the API works', async () => {
    const folder = scratchFolder();
    const dashboardFolder = pathToFileURL(`${folder}/`);
    const unbuilt = createApp({ database: ':memory:', dashboardFolder });
    onTestEnd(() => unbuilt.stop());
    const answer = await supertest(unbuilt).get('/');
    expectProblem(answer, 404, 'ROUTE_NOT_FOUND');
    expect(answer.body.detail).toContain('npm run build');
    expectProblem(await supertest(unbuilt).get('/assets/a.js'), 404, 'ROUTE_NOT_FOUND');
    expect((await supertest(unbuilt).get('/api/health')).status).toBe(200);

    writeFileSync(join(folder, 'index.html'), 'built since');
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'assets', 'a.js'), 'built too');
    expect((await supertest(unbuilt).get('/')).text).toBe('built since');
    expect((await supertest(unbuilt).get('/assets/a.js')).status).toBe(200);
  });
});

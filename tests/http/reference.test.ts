import { describe, expect, test } from '@jest/globals';
import { expectProblem, useTestApp } from '../support/test-app.js';

const app = useTestApp({}, 'file');

/** Every address that a text names by `src` or `href`. */
const addressesIn = (html: string): string[] =>
  [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address as string);

describe('GET /docs', () => {
  test('is a page that may load nothing from elsewhere and runs no inline script', async () => {
    const response = await app().http.get('/docs');
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(response.headers['cache-control']).toBe('no-cache');
    expect(response.headers['content-security-policy']).toMatch(/^default-src 'self';/);
    expect(response.headers['content-security-policy']).not.toContain('unsafe');
    expect(response.headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(response.text).not.toMatch(/<script(?![^>]* src=)/);
  });

  test('refers only to files that are there', async () => {
    const addresses = addressesIn((await app().http.get('/docs')).text);
    expect(addresses).toContain('openapi.json');
    expect(addresses).toContain('docs/swagger-ui-bundle.js');
    for (const address of addresses) {
      const { status, headers } = await app().http.get(`/${address}`);
      expect([address, status]).toEqual([address, 200]);
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  test('comes with the licence of what it is made of', async () => {
    expect((await app().http.get('/docs/swagger-ui-license.txt')).text).toContain('Apache License');
    expect((await app().http.get('/docs/swagger-ui-notice.txt')).text).toContain('swagger-ui');
  });

  test('is not sent again while it has not changed', async () => {
    const { headers } = await app().http.get('/docs/reference.js');
    const again = await app()
      .http.get('/docs/reference.js')
      .set('If-Modified-Since', headers['last-modified'] as string);
    expect(again.status).toBe(304);
  });

  test.each([
    ['Range', 'bytes=99999999-'],
    ['If-Match', '"another"'],
    ['If-Unmodified-Since', 'Thu, 01 Jan 1970 00:00:00 GMT'],
  ])('is sent whole, whatever %s asks for', async (name, value) => {
    for (const path of ['/docs', '/docs/reference.css']) {
      expect((await app().http.get(path).set(name, value)).status).toBe(200);
    }
  });

  test.each(['/docs/', '/docs/index.html', '/redoc', '/redoc/'])('is where %s leads to', async (path) => {
    const response = await app().http.get(path);
    expect([response.status, response.headers.location]).toEqual([302, '/docs']);
  });

  test.each([
    '/docs/nope',
    '/docs/..%2fmain.js',
    '/docs/%2e%2e/package.json',
    '/docs/.hidden',
    '/DOCS',
    '/docsx',
  ])('has nothing at %s', async (path) => expectProblem(await app().http.get(path), 404, 'ROUTE_NOT_FOUND'));

  test.each(['/docs', '/docs/reference.js', '/redoc'])('is only read, by GET and HEAD: %s', async (path) => {
    const post = await app().http.post(path);
    expectProblem(post, 405, 'METHOD_NOT_ALLOWED');
    expect(post.headers.allow).toBe('GET, HEAD, OPTIONS');
    expect((await app().http.options(path)).status).toBe(204);
    expect((await app().http.head(path)).status).toBeLessThan(303);
  });
});

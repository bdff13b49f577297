import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { DEFAULTS } from '../../src/config/options.js';
import { createControllers } from '../../src/controllers/controllers.js';
import { createRoutes } from '../../src/http/routes.js';
import { systemClock } from '../../src/index.js';
import type { Repositories } from '../../src/repositories/storage.js';
import { api, expectProblem, useTestApp } from '../support/test-app.js';

const app = useTestApp({}, 'file');

describe('every error', () => {
  test('is problem+json with all its members', async () => {
    const response = await app().http.get('/api/queue/tasks/99999').set('X-Request-Id', 'mine-1');
    expect(response.status).toBe(404);
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(response.body).toEqual({
      type: 'urn:spoolite:error:task-not-found',
      title: 'Task not found',
      status: 404,
      detail: 'Task 99999 not found',
      error_code: 'TASK_NOT_FOUND',
      timestamp: '2025-11-05T12:00:00.000Z',
      request_id: 'mine-1',
    });
  });
});

describe('routes', () => {
  test.each([
    '/nope',
    '/api',
    '/api/queue',
    '/api/queue/nope',
    '/api/Queue/tasks',
    '/api/queue/tasks/1/nope',
  ])('%s is not found', async (path) => {
    const response = await app().http.get(path);
    expectProblem(response, 404, 'ROUTE_NOT_FOUND');
    expect(response.body.detail).toContain(path);
  });

  test.each(['/api/queue/tasks/%ff', '/api/queue/tasks/%', '/%E0%A4%A', '/api/queue/tasks/%C0%AF/logs'])(
    '%s cannot be decoded and is not found',
    async (path) => {
      expectProblem(await app().http.get(path), 404, 'ROUTE_NOT_FOUND');
      expectProblem(await app().http.post(path), 404, 'ROUTE_NOT_FOUND');
    },
  );

  const ALLOWED: [string, string][] = [
    ['/api/queue/tasks', 'GET, HEAD, OPTIONS'],
    ['/api/queue/tasks/1', 'GET, HEAD, OPTIONS'],
    ['/api/queue/stats', 'GET, HEAD, OPTIONS'],
    ['/api/queue/stats/types', 'GET, HEAD, OPTIONS'],
    ['/api/queue/stats/history', 'GET, HEAD, OPTIONS'],
    ['/api/queue/stats/due', 'GET, HEAD, OPTIONS'],
    ['/api/queue/enqueue', 'POST, OPTIONS'],
    ['/api/queue/enqueue/batch', 'POST, OPTIONS'],
    ['/api/queue/tasks/1/cancel', 'POST, OPTIONS'],
    ['/api/queue/tasks/1/retry', 'POST, OPTIONS'],
    ['/api/queue/tasks/1/logs', 'GET, POST, HEAD, OPTIONS'],
    ['/api/queue/tasks/1/heartbeat', 'POST, OPTIONS'],
    ['/api/queue/tasks/1/complete', 'POST, OPTIONS'],
    ['/api/queue/tasks/1/fail', 'POST, OPTIONS'],
    ['/api/queue/tasks/1/release', 'POST, OPTIONS'],
    ['/api/queue/claims', 'POST, OPTIONS'],
    ['/api/queue/workers', 'GET, HEAD, OPTIONS'],
    ['/api/health', 'GET, HEAD, OPTIONS'],
    ['/api/ready', 'GET, HEAD, OPTIONS'],
    ['/api/queue/bulk/cancel', 'POST, OPTIONS'],
    ['/api/queue/bulk/retry', 'POST, OPTIONS'],
    ['/api/queue/bulk/delete', 'POST, OPTIONS'],
    ['/api/queue/changes', 'GET, HEAD, OPTIONS'],
    ['/api/queue/events', 'GET, HEAD, OPTIONS'],
    ['/api/queue/tasks/1/events', 'GET, HEAD, OPTIONS'],
    ['/metrics', 'GET, HEAD, OPTIONS'],
    ['/openapi.json', 'GET, HEAD, OPTIONS'],
    ['/api/audit', 'GET, HEAD, OPTIONS'],
    ['/api/doctor', 'GET, HEAD, OPTIONS'],
    ['/api/session', 'GET, POST, DELETE, HEAD, OPTIONS'],
  ];

  test('are all in this table', () => {
    const controllers = createControllers({
      settings: DEFAULTS,
      repositories: {} as Repositories,
      clock: systemClock,
      version: '',
      readiness: async () => ({}),
      onCommit: () => () => {},
    });
    const paths = createRoutes(controllers, '0').map(({ path }) => path.replace(':task_id', '1'));
    expect([...new Set(paths)].sort()).toEqual(ALLOWED.map(([path]) => path).sort());
  });

  test.each(ALLOWED)('%s allows %s', async (path, allow) => {
    const wrong = allow.startsWith('GET') ? 'put' : 'get';
    const others = (['delete', 'patch', wrong] as const).filter(
      (method) => !allow.includes(method.toUpperCase()),
    );
    for (const method of others) {
      const response = await app().http[method](path);
      expectProblem(response, 405, 'METHOD_NOT_ALLOWED');
      expect(response.headers.allow).toBe(allow);
    }
    const options = await app().http.options(path);
    expect(options.status).toBe(204);
    expect(options.headers.allow).toBe(allow);
    expect(options.text).toBe('');
    if (allow.startsWith('POST')) {
      const head = await app().http.head(path);
      expect(head.status).toBe(405);
      expect(head.headers.allow).toBe(allow);
    }
  });

  test('answer HEAD where they answer GET', async () => {
    await api.enqueue(app());
    const answered = ALLOWED.filter(([path, allow]) => allow.startsWith('GET') && !path.endsWith('/events'));
    for (const [path] of answered) {
      const [get, head] = [await app().http.get(path), await app().http.head(path)];
      expect(head.status).toBe(200);
      expect(head.headers['content-type']).toBe(get.headers['content-type']);
      expect(head.text).toBeFalsy();
    }
  });
});

describe('headers', () => {
  test.each([
    ['GET', '/api/queue/tasks', 200],
    ['GET', '/api/health', 200],
    ['GET', '/nope', 404],
    ['GET', '/api/queue/tasks/x', 422],
    ['DELETE', '/api/queue/tasks', 405],
    ['OPTIONS', '/api/queue/tasks', 204],
  ])('of %s %s keep browsers out', async (method, path, status) => {
    const response = await app().http[method.toLowerCase() as 'get'](path);
    expect(response.status).toBe(status);
    expect(response.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(response.headers).not.toHaveProperty('x-powered-by');
    expect(response.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('the request id', () => {
  test.each(['abc-123', '~!@#$%^&*()', 'x'.repeat(128)])('is the client’s own: %s', async (id) => {
    const response = await app().http.get('/api/health').set('X-Request-Id', id);
    expect(response.headers['x-request-id']).toBe(id);
  });

  test.each(['x'.repeat(129), 'two words', 'é', ''])('is ours instead of %p', async (id) => {
    const response = await app().http.get('/api/health').set('X-Request-Id', id);
    expect(response.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
  });

  test('differs from request to request', async () => {
    const [a, b] = [await app().http.get('/api/health'), await app().http.get('/api/health')];
    expect(a.headers['x-request-id']).not.toBe(b.headers['x-request-id']);
  });
});

test('a client that breaks off in the middle of its body harms nobody', async () => {
  const socket = connect(app().port, '127.0.0.1');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const head =
    'POST /api/queue/enqueue HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n';
  socket.write(`${head}{"type":"half`, () => socket.destroy());
  await closed;
  const types = (await api.list(app())).map(({ type }: { type: string }) => type);
  expect(types).not.toContain('half');
});

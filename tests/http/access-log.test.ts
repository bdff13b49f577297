import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { AccessLog } from '../../src/http/access-log.js';
import { capturingLogger } from '../support/telemetry.js';
import { useTestApp } from '../support/test-app.js';
import { until } from '../support/waiting.js';

const { logger, lines } = capturingLogger();
const app = useTestApp({ logger });

const lineOf = async (requestId: string) => {
  const find = () => lines.find(({ request_id }) => request_id === requestId);
  await until(() => find() !== undefined);
  return find();
};

async function expectLine(id: string, members: { method: string; path: string; status: number }) {
  expect(await lineOf(id)).toEqual({
    level: 30,
    time: expect.any(Number),
    ...members,
    ms: expect.any(Number),
    request_id: id,
    msg: 'request',
  });
  expect(lines.filter(({ request_id }) => request_id === id)).toHaveLength(1);
}

test.each([
  ['get', '/api/queue/tasks?type=secret', 200, '/api/queue/tasks'],
  ['get', '/api/queue/tasks/7', 404, '/api/queue/tasks/7'],
  ['get', '/nope?a=1?b=2', 404, '/nope'],
  ['delete', '/api/queue/stats', 405, '/api/queue/stats'],
] as const)('%s %s is one line, without the query', async (method, target, status, path) => {
  const id = `${method}-${path}`;
  await app().http[method](target).set('X-Request-Id', id);
  await expectLine(id, { method: method.toUpperCase(), path, status });
});

test('a poll that never reaches Express has the same line', async () => {
  const address = await app().app.start({ port: 0 });
  const headers = { 'X-Request-Id': 'short' };
  await (await fetch(`${address}/api/queue/tasks/7`, { headers })).text();
  await expectLine('short', { method: 'GET', path: '/api/queue/tasks/7', status: 404 });
});

test.each(['plain', '"quoted\\"', '~!@#$%^&*()'])(
  'the line for %s that is put together here is that of the logger, to the letter',
  (id) => {
    const written: string[] = [];
    const stream = { write: (line: string) => void written.push(line) };
    const plain = pino({ level: 'info', base: undefined }, stream);
    const res = Object.assign(new EventEmitter(), { statusCode: 304, getHeader: () => id });
    const req = { method: 'GET', url: `/"ü\u2028😀\\/${id}?secret`, headers: {}, socket: {} };
    new AccessLog(plain).follow(req, res as unknown as ServerResponse);
    new AccessLog(plain, stream).follow(req, res as unknown as ServerResponse);
    for (const writableFinished of [false, true]) {
      Object.assign(res, { writableFinished });
      for (const listener of res.listeners('close')) listener();
    }
    const [hungUp, ours, ...more] = written.map((line) => line.replace(/("time"|"ms"):[\d.]+/g, '$1:0'));
    expect(ours).toBe(hungUp);
    expect(more).toHaveLength(2);
    expect(more[0]).toBe(more[1]);
    expect(more[0]).not.toBe(ours);
  },
);

test('a request whose client hung up is told apart', async () => {
  const body = '{"worker_id":"w","wait":30}';
  const head = `POST /api/queue/claims HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: gone\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  const socket = connect(app().port, '127.0.0.1');
  socket.write(head + body);
  await until(async () => (await app().http.get('/api/queue/workers')).body.length === 1);
  socket.destroy();
  expect(await lineOf('gone')).toMatchObject({
    path: '/api/queue/claims',
    msg: 'request, client disconnected',
  });
});

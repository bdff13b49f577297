import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { capturingLogger } from '../support/log-lines.js';
import { useTestApp } from '../support/test-app.js';
import { until } from '../support/until.js';

const { logger, lines } = capturingLogger();
const app = useTestApp({ logger });

const lineOf = async (requestId: string) => {
  const find = () => lines.find(({ request_id }) => request_id === requestId);
  await until(() => find() !== undefined);
  return find();
};

test.each([
  ['get', '/api/queue/tasks?type=secret', 200, '/api/queue/tasks'],
  ['get', '/api/queue/tasks/7', 404, '/api/queue/tasks/7'],
  ['get', '/nope?a=1?b=2', 404, '/nope'],
  ['delete', '/api/queue/stats', 405, '/api/queue/stats'],
] as const)('%s %s is one line, without the query', async (method, target, status, path) => {
  const id = `${method}-${path}`;
  await app().http[method](target).set('X-Request-Id', id);
  expect(await lineOf(id)).toEqual({
    level: 30,
    time: expect.any(Number),
    method: method.toUpperCase(),
    path,
    status,
    ms: expect.any(Number),
    request_id: id,
    msg: 'request',
  });
  expect(lines.filter(({ request_id }) => request_id === id)).toHaveLength(1);
});

test('a request whose client hung up is told apart', async () => {
  const body = '{"worker_id":"w","wait":30}';
  const head = `POST /api/queue/claims HTTP/1.1\r\nHost: x\r\nX-Request-Id: gone\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  const socket = connect(app().port, '127.0.0.1');
  socket.write(head + body);
  await until(async () => (await app().http.get('/api/queue/workers')).body.length === 1);
  socket.destroy();
  expect(await lineOf('gone')).toMatchObject({ path: '/api/queue/claims', msg: 'request, client hung up' });
});

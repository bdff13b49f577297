import { describe, expect, test } from '@jest/globals';
import { Client } from '../support/client.js';
import { startGuardedServer } from '../support/guarded-server.js';
import { RawClient } from '../support/http-clients.js';
import { get, poll } from '../support/request-cases.js';
import { until } from '../support/waiting.js';

const MANY = 5;

/** Far more than the buffers of a connection take. */
const payload = { text: 'x'.repeat(900_000) };

/** Clients that ask and then read nothing. */
async function deaf(port: number, request: string): Promise<RawClient[]> {
  const clients = await Promise.all(Array.from({ length: MANY }, () => RawClient.connect(port)));
  for (const client of clients) {
    client.socket.pause();
    client.write(request);
  }
  return clients;
}

describe('a client that does not read', () => {
  test.each<[string, (ids: number[]) => string]>([
    ['its list', () => get('/api/queue/tasks?limit=1000')],
    ['tasks that it asked for by number', (ids) => get(`/api/queue/tasks?ids=${ids.join(',')}`)],
    // A page of them is bounded: several are more than the buffers of a connection take.
    ['changes', () => get('/api/queue/changes?cursor=0&limit=1000').repeat(4)],
    ['its stream', () => get('/api/queue/events?cursor=0')],
    ['one poll after the other', (ids) => poll(ids[0] as number).repeat(15)],
  ])('%s is cut; others are answered meanwhile', async (_what, requestFor) => {
    const server = await startGuardedServer({ silentMs: 1_500 });
    const { port, url, connections } = server;
    const client = new Client(url);
    const ids: number[] = [];
    for (let i = 0; i < 12; i++) ids.push(await server.enqueue({ type: 'large', payload }));
    const clients = await deaf(port, requestFor(ids));
    const ports = clients.map(({ socket }) => socket.localPort as number);
    await until(() => ports.every((one) => connections.has(one)));
    await until(async () => {
      expect((await client.get('/health')).status).toBe(200);
      return !ports.some((one) => connections.has(one));
    }, 60_000);
  });

  test('a poll in one piece, on the raw transport, is cut', async () => {
    const server = await startGuardedServer({ silentMs: 1_000, idleMs: 500 });
    const { port, url, connections } = server;
    const client = new Client(url);
    const id = await server.enqueue({ type: 'large', payload });
    const one = await RawClient.connect(port);
    const itsPort = one.socket.localPort as number;
    one.socket.pause();
    // Until the answers are more than the buffers of the connection take.
    for (let n = 0; n < 15; n++) {
      one.write(poll(id));
      await client.get('/health');
    }
    expect(connections.has(itsPort)).toBe(true);
    await until(async () => {
      await client.get('/health');
      return !connections.has(itsPort);
    }, 60_000);
  });
});

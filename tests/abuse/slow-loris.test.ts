import { describe, expect, test } from '@jest/globals';
import { Client } from '../support/client.js';
import { startGuardedServer } from '../support/guarded-server.js';
import { RawClient } from '../support/http-clients.js';
import { poll } from '../support/request-cases.js';
import { until } from '../support/waiting.js';

const MANY = 200;

const WRITE =
  'POST /api/queue/enqueue HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n{';

/** Sends one byte after the other, as long as the connection is there. */
function drip(client: RawClient, byte: string): void {
  const timer = setInterval(() => (client.closed ? clearInterval(timer) : client.write(byte)), 20);
  client.socket.once('close', () => clearInterval(timer));
}

async function open(port: number, begin: (client: RawClient) => void): Promise<RawClient[]> {
  const clients = await Promise.all(Array.from({ length: MANY }, () => RawClient.connect(port)));
  for (const client of clients) begin(client);
  return clients;
}

const WAYS: [string, (client: RawClient) => void, number[]][] = [
  ['sends nothing', () => undefined, [408]],
  ['stops in the request line', (client) => client.write('GET /api/que'), [408]],
  ['stops in the headers', (client) => client.write('GET / HTTP/1.1\r\nHost: x\r\nA: '), [408]],
  [
    'drips its headers',
    (client) => {
      client.write('GET / HTTP/1.1\r\nHost: x\r\nA: ');
      drip(client, 'b');
    },
    [408],
  ],
  ['stops in the body', (client) => client.write(WRITE), [408]],
  [
    'drips its body',
    (client) => {
      client.write(WRITE);
      drip(client, ' ');
    },
    [408],
  ],
  [
    'drips a chunked body',
    (client) => {
      client.write(WRITE.replace('Content-Length: 10000', 'Transfer-Encoding: chunked').slice(0, -1));
      drip(client, '1\r\n \r\n');
    },
    [408],
  ],
  [
    'drips the body of a sign-in',
    (client) => {
      client.write(WRITE.replace('queue/enqueue', 'session').replace('10000', '4000'));
      drip(client, ' ');
    },
    [408],
  ],
];

describe('a client that', () => {
  test.each(WAYS)(
    '%s is cut, however many there are; others are answered',
    async (_what, begin, statuses) => {
      const { port, url } = await startGuardedServer();
      const client = new Client(url);
      const id = await client.enqueue('mail');
      const slow = await open(port, begin);
      let answered = 0;
      while (slow.some(({ closed }) => !closed)) {
        expect((await client.get(`/queue/tasks/${id}`)).status).toBe(200);
        answered++;
      }
      expect(answered).toBeGreaterThan(1);
      for (const { statuses: got } of slow) expect(got).toEqual(statuses);
      expect((await client.get('/queue/stats')).body.total_tasks).toBe(1);
    },
  );

  test('answers slowly between two requests is let go, over either transport', async () => {
    const { port } = await startGuardedServer();
    const raw = await RawClient.connect(port);
    raw.write(poll(1));
    const node = await RawClient.connect(port);
    node.write('GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await Promise.all([raw.isClosed(), node.isClosed()]);
    expect([raw.statuses, node.statuses]).toEqual([[404], [200]]);
  });
});

test('more connections than there may be are closed as they come, and make no difference to those that are there', async () => {
  const { port, url } = await startGuardedServer({ most: 20, idleMs: 60_000 });
  const first = await RawClient.connect(port);
  first.write(poll(1));
  await first.has('TASK_NOT_FOUND');
  const others = await Promise.all(Array.from({ length: 40 }, () => RawClient.connect(port)));
  await until(() => others.filter(({ closed }) => closed).length === 21);
  first.write(poll(2));
  await until(() => first.statuses.length === 2);
  for (const { socket } of others) socket.destroy();
  await until(async () => {
    const reply = await fetch(`${url}/api/health`).catch(() => null);
    return reply?.status === 200;
  });
});

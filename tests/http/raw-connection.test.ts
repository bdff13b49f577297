import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { describe, expect, test } from '@jest/globals';
import { POLL_LIMITS } from '../../src/core/limits.js';
import { CONNECTION_LIMITS, type ConnectionLimits } from '../../src/http/connection-limits.js';
import type { Answer } from '../../src/http/create-http.js';
import { HttpServer } from '../../src/http/http-server.js';
import { readCertificate } from '../../src/http/tls.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { testCertificate } from '../support/processes.js';
import { poll } from '../support/request-cases.js';
import { until } from '../support/waiting.js';

type Protocol = 'http' | 'https';

type RawReply = Parameters<Answer>[1];

const ok = (reply: RawReply, body: string) => {
  reply.setHeader('Content-Length', Buffer.byteLength(body));
  reply.end(body);
};

/** A server whose polls are answered when the test says so; what node's http server reads is answered with its path. */
async function open(protocol: Protocol, limits: Partial<ConnectionLimits> = {}) {
  const files = protocol === 'https' ? testCertificate(scratchFolder()) : undefined;
  const polls: { url: string; reply: RawReply }[] = [];
  const readByNode: string[] = [];
  const sockets = new Set<Socket>();
  const server = new HttpServer(
    {
      answer: ({ url, socket }, reply) => {
        sockets.add(socket as Socket);
        return Boolean(polls.push({ url: url as string, reply }));
      },
      listener: (req, res) => {
        sockets.add(req.socket);
        readByNode.push(req.url as string);
        res.end(req.url);
      },
    },
    {
      ...limits,
      certificate: files && readCertificate(files, Date.now()),
      onError: (error) => expect(error).toBeUndefined(),
    },
  );
  const port = Number(new URL(await server.listen('127.0.0.1', 0)).port);
  onTestEnd(() => server.close(0));
  const client = async (): Promise<Client> => {
    const to = { port, host: '127.0.0.1', allowHalfOpen: true };
    const socket = files ? connectTls({ ...to, ca: files.ca }) : connect(to);
    onTestEnd(() => socket.destroy());
    await once(socket, files ? 'secureConnect' : 'connect');
    return new Client(socket);
  };
  /** The poll that comes next, once it has come. */
  const nextPoll = async () => {
    await until(() => polls.length > 0);
    return polls.shift() as { url: string; reply: RawReply };
  };
  /** By then the server has seen what others sent before. */
  const barrier = async () => {
    const { socket } = await client();
    socket.write(poll('barrier'));
    const { reply } = await nextPoll();
    ok(reply, 'through');
  };
  return { server, client, polls, nextPoll, readByNode, barrier, sockets };
}

class Client {
  readonly socket: Socket;
  received = '';
  closed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1').on('data', (text) => {
      this.received += text;
    });
    socket
      .on('error', () => undefined)
      .on('close', () => {
        this.closed = true;
      });
    socket.on('end', () => socket.end());
  }

  has(text: string): Promise<void> {
    return until(() => this.received.includes(text));
  }

  isClosed(): Promise<void> {
    return until(() => this.closed);
  }
}

describe.each<Protocol>(['http', 'https'])('a connection on the raw transport, over %s', (protocol) => {
  test('answers what comes too early after what came before, and is node’s from then on', async () => {
    const { client, nextPoll, polls, readByNode } = await open(protocol);
    const one = await client();
    const { socket } = one;
    socket.write(poll('first'));
    const { reply } = await nextPoll();
    socket.write(poll('second') + poll('third').slice(0, 9));
    socket.write(poll('third').slice(9));
    ok(reply, 'answer 1');
    await until(() => readByNode.length === 2);
    await one.has('tasks/third');
    const places = ['answer 1', 'tasks/second', 'tasks/third'].map((text) => one.received.indexOf(text));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(polls).toEqual([]);
  });

  test('tells those who wait that the client has hung up, and takes an answer that nobody gets', async () => {
    const { client, nextPoll } = await open(protocol);
    const { socket } = await client();
    socket.write(poll(1));
    const { reply } = await nextPoll();
    let closes = 0;
    reply.once('close', () => closes++);
    // Over TLS an end without a goodbye is as good as a reset.
    if (protocol === 'http') socket.resetAndDestroy();
    else socket.destroy();
    await until(() => closes === 1);
    expect(reply).toMatchObject({ closed: true, writableFinished: false });
    ok(reply, 'late');
    expect(reply.headersSent).toBe(false);
    expect(closes).toBe(1);
  });

  test('answers what has arrived while closing, even after a stall that was longer than the time to send it', async () => {
    const { client, nextPoll, server } = await open(protocol);
    const one = await client();
    one.socket.write(poll('before'));
    ok((await nextPoll()).reply, 'answer 1');
    await one.has('answer 1');

    const closed = server.close(3600);
    one.socket.write(poll('after'));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);

    ok((await nextPoll()).reply, 'answer 2');
    await one.has('answer 2');
    expect(one.received).toMatch(/Connection: close\r\n.*answer 2$/s);
    await closed;
  });

  test('still waits for a request after a stall while closing', async () => {
    const { client, nextPoll, server } = await open(protocol);
    const one = await client();
    one.socket.write(poll('before'));
    ok((await nextPoll()).reply, 'answer 1');
    await one.has('answer 1');

    const closed = server.close(3600);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);
    // The first look for idle connections is over then.
    for (let turn = 0; turn < 3; turn++) await nextTurn();
    one.socket.write(poll('after'));

    ok((await nextPoll()).reply, 'answer 2');
    await one.has('answer 2');
    await closed;
  });

  test('answers a client that has said its last, and closes', async () => {
    const { client, nextPoll, barrier } = await open(protocol);
    const half = await client();
    half.socket.end(poll(1));
    const { reply } = await nextPoll();
    await barrier();
    ok(reply, 'still');
    await half.isClosed();
    expect(half.received).toContain('\r\nConnection: close\r\n\r\nstill');
  });

  test('ends when an answer breaks off', async () => {
    const { client, nextPoll } = await open(protocol);
    const one = await client();
    one.socket.write(poll(1));
    const { reply } = await nextPoll();
    reply.destroy();
    await one.isClosed();
    expect(one.received).toBe('');
    expect(reply).toMatchObject({ closed: true, writableFinished: false });
  });

  test('asks nothing more of a client that does not read', async () => {
    const { client, nextPoll, polls, readByNode, barrier } = await open(protocol);
    const { socket } = await client();
    socket.pause();
    const body = 'x'.repeat(32 * 1024 * 1024);
    socket.write(poll('large'));
    const { reply } = await nextPoll();
    ok(reply, body);
    expect(reply).toMatchObject({ headersSent: true, closed: false });
    socket.write(poll('next'));
    await barrier();
    expect(polls).toEqual([]);
    expect(readByNode).toEqual([]);
    socket.resume();
    await until(() => readByNode.length === 1);
    expect(reply).toMatchObject({ closed: true, writableFinished: true });
  });

  test('is closed when it stays silent after an answer, and has more time before its first request', async () => {
    const { client, nextPoll, readByNode } = await open(protocol, { silentStartMs: 500, idleMs: 2_000 });
    const quiet = await client();
    const one = await client();
    one.socket.write(poll(1));
    ok((await nextPoll()).reply, 'answer');
    await one.isClosed();
    expect(one.received).toMatch(/Keep-Alive: timeout=\d+\r\n\r\nanswer$/);
    quiet.socket.write(poll('at-last'));
    await quiet.has('tasks/at-last');
    expect(readByNode).toHaveLength(1);
  });
});

describe.each<Protocol>(['http', 'https'])('a connection between two requests, over %s', (protocol) => {
  const WRITE = 'POST /written HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}';

  test.each([
    ['a poll', [poll(1)]],
    ['a POST', [WRITE]],
    ['a poll after a POST', [WRITE, poll(1)]],
    ['a POST after polls', [poll(1), poll(2), WRITE]],
  ])(
    'is kept for longer than is announced, and that is longer than any advice: %s',
    async (_what, requests) => {
      const { client, polls, sockets } = await open(protocol);
      const one = await client();
      for (const [at, request] of requests.entries()) {
        one.socket.write(request);
        await until(() => {
          const next = polls.shift();
          if (next) ok(next.reply, 'answer');
          return [...one.received.matchAll(/HTTP\/1\.1 200 /g)].length === at + 1;
        });
      }
      const announced = [...one.received.matchAll(/\r\nKeep-Alive: timeout=(\d+)\r\n/g)].map(([, s]) =>
        Number(s),
      );
      expect(announced).toHaveLength(requests.length);
      const socket = [...sockets][0] as Socket;
      await until(() => socket.timeout === CONNECTION_LIMITS.idleMs);
      for (const seconds of announced) {
        expect(seconds).toBeGreaterThanOrEqual(65);
        expect(seconds).toBeGreaterThan(POLL_LIMITS.waitSeconds.max);
        expect(seconds * 1000).toBeLessThan(socket.timeout as number);
      }
    },
  );
});

describe.each<Protocol>(['http', 'https'])('a server that closes, over %s', (protocol) => {
  test('answers the poll that has begun, says close, and is gone', async () => {
    const { server, client, nextPoll } = await open(protocol);
    const one = await client();
    one.socket.write(poll(1));
    const { reply } = await nextPoll();
    const closed = server.close(30);
    ok(reply, 'in time');
    await one.isClosed();
    await closed;
    expect(one.received).toContain('\r\nConnection: close\r\n\r\nin time');
    expect(one.received).not.toContain('Keep-Alive');
  });

  test('answers a poll that was on its way, and lets an idle connection go', async () => {
    const { server, client, nextPoll } = await open(protocol);
    const [busy, idle] = [await client(), await client()];
    busy.socket.write(poll(1));
    ok((await nextPoll()).reply, 'before');
    await busy.has('before');
    const closed = server.close(30);
    busy.socket.write(poll(2));
    ok((await nextPoll()).reply, 'after');
    await Promise.all([busy.isClosed(), idle.isClosed(), closed]);
    expect(busy.received).toContain('\r\nConnection: close\r\n\r\nafter');
    expect(idle.received).toBe('');
  });

  test('cuts off the poll that is not answered in time', async () => {
    const { server, client, nextPoll } = await open(protocol);
    const one = await client();
    one.socket.write(poll(1));
    const { reply } = await nextPoll();
    await server.close(0);
    await one.isClosed();
    expect(one.received).toBe('');
    expect(reply).toMatchObject({ closed: true, writableFinished: false });
  });
});

import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { describe, expect, test } from '@jest/globals';
import { readCertificate, TlsServer } from '../../src/http/tls.js';
import { type AppOptions, createApp } from '../../src/index.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { type TestCertificate, testCertificate } from '../support/processes.js';
import { get } from '../support/request-cases.js';
import { until } from '../support/waiting.js';

const HEALTH = get('/api/health');

async function open(options: Partial<AppOptions> = {}) {
  const files = testCertificate(scratchFolder());
  const { cert, key } = files;
  const app = createApp({ database: ':memory:', tls: { cert, key }, ...options });
  onTestEnd(() => app.stop({ graceSeconds: 0 }));
  const url = new URL(await app.start({ port: 0 }));
  return { app, files, url, port: Number(url.port) };
}

/** A connection whose handshake is over. */
async function secure(port: number, { ca }: TestCertificate, options: object = {}): Promise<TLSSocket> {
  const socket = connectTls({ port, host: '127.0.0.1', ca, ...options });
  onTestEnd(() => socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

/** All that comes until it says this. */
async function answerOf(socket: Socket, text: string): Promise<string> {
  let received = '';
  const take = (piece: Buffer) => {
    received += piece.toString('latin1');
  };
  socket.on('data', take);
  await until(() => received.includes(text));
  socket.off('data', take);
  return received;
}

describe('a server with a certificate', () => {
  test('says https, and tells browsers to stay with it', async () => {
    const { url, port, files } = await open();
    expect(url.protocol).toBe('https:');
    const socket = await secure(port, files);
    socket.write(HEALTH);
    const answer = await answerOf(socket, '"status":"ok"');
    expect(answer).toContain('\r\nStrict-Transport-Security: max-age=31536000\r\n');
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('speaks %s', async (version) => {
    const { port, files } = await open();
    const socket = await secure(port, files, { minVersion: version, maxVersion: version });
    expect(socket.getProtocol()).toBe(version);
    expect(socket.getCipher().name).toMatch(/GCM|CHACHA20/);
  });

  test.each(['TLSv1', 'TLSv1.1'] as const)('refuses %s', async (version) => {
    const { port, files } = await open();
    const ciphers = 'DEFAULT@SECLEVEL=0';
    const old = { minVersion: version, maxVersion: version, ciphers };
    await expect(secure(port, files, old)).rejects.toMatchObject({ code: /PROTOCOL_VERSION|ECONNRESET/ });
  });

  test('speaks HTTP/1.1 alone', async () => {
    const { port, files } = await open();
    const socket = await secure(port, files, { ALPNProtocols: ['h2', 'http/1.1'] });
    expect(socket.alpnProtocol).toBe('http/1.1');
    const only2 = secure(port, files, { ALPNProtocols: ['h2'] });
    await expect(only2).rejects.toMatchObject({ code: /NO_APPLICATION_PROTOCOL|ECONNRESET/ });
  });

  test('closes a connection that does not speak TLS, without a word, and serves the others', async () => {
    const { port, files } = await open();
    const plain = connect(port, '127.0.0.1');
    let received = '';
    plain.on('data', (text) => {
      received += text;
    });
    const closed = once(plain, 'close');
    plain.write(HEALTH);
    expect(await closed).toEqual([false]);
    expect(received).toBe('');
    const socket = await secure(port, files);
    socket.write(HEALTH);
    await answerOf(socket, '"status":"ok"');
  });

  test('reads what one segment brings in several records, in their order', async () => {
    const { port, files } = await open();
    const raw = connect(port, '127.0.0.1');
    onTestEnd(() => raw.destroy());
    await once(raw, 'connect');
    // What is written while it is held goes out in one piece.
    let held: Buffer[] | null = null;
    const gathering = new Duplex({
      read: () => undefined,
      write(bytes, _encoding, done) {
        if (held) held.push(bytes);
        else raw.write(bytes);
        done();
      },
    });
    raw.on('data', (bytes) => gathering.push(bytes));
    const socket = connectTls({ socket: gathering, host: '127.0.0.1', ca: files.ca });
    await once(socket, 'secureConnect');
    held = [];
    const [path, rest] = [HEALTH.slice(0, 12), HEALTH.slice(12)];
    for (const piece of [HEALTH, path, rest, HEALTH])
      await new Promise((written) => socket.write(piece, written));
    raw.write(Buffer.concat(held));
    let received = '';
    socket.setEncoding('latin1').on('data', (text) => {
      received += text;
    });
    await until(() => received.split('"status":"ok"').length === 4);
    expect(received.match(/HTTP\/1\.1 200 /g)).toHaveLength(3);
  });

  test('ends in good order, though a handshake is under way and a connection is idle', async () => {
    const { app, port, files } = await open();
    const silent = connect(port, '127.0.0.1').on('error', () => undefined);
    await once(silent, 'connect');
    const idle = await secure(port, files);
    const closed = [once(silent, 'close'), once(idle, 'close')];
    await app.stop({ graceSeconds: 600 });
    await Promise.all(closed);
  });

  test('cuts off a handshake that is under way, when it is to end at once', async () => {
    const { app, port } = await open();
    const silent = connect(port, '127.0.0.1').on('error', () => undefined);
    await once(silent, 'connect');
    const closed = once(silent, 'close');
    await app.stop({ graceSeconds: 0 });
    await closed;
  });
});

test('a handshake that takes too long is cut off', async () => {
  const { server } = new TlsServer(readCertificate(testCertificate(scratchFolder()), Date.now()), {
    handshakeTimeout: 50,
  });
  await new Promise<void>((listens) => server.listen(0, '127.0.0.1', listens));
  onTestEnd(() => server.close());
  const slow = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
  const closed = once(slow, 'close');
  // The beginning of a greeting that never goes on.
  slow.write(Buffer.from([0x16, 0x03, 0x01, 0x02]));
  await closed;
});

test('a server without a certificate has none to reload, and says nothing of TLS', async () => {
  const { app, url } = await open({ tls: undefined });
  expect(app.reloadCertificate()).toBeNull();
  expect(url.protocol).toBe('http:');
  expect((await fetch(`${url}api/health`)).headers.has('strict-transport-security')).toBe(false);
});

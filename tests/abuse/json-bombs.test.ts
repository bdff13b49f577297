import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { Client } from '../support/client.js';
import { useGuardedServer } from '../support/guarded-server.js';

const open = useGuardedServer();

const MEGABYTE = 1024 * 1024;

async function post(body: string | Buffer, headers: Record<string, string> = {}) {
  const response = await fetch(`${open().url}/api/queue/enqueue`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  });
  // biome-ignore lint/suspicious/noExplicitAny: a task or a problem
  const problem: any = await response.json();
  return { status: response.status, problem };
}

const withPayload = (payload: string): string => `{"type":"mail","payload":{"x":${payload}}}`;

const BODIES: [string, string, number][] = [
  ['arrays in arrays', withPayload('['.repeat(400_000) + ']'.repeat(400_000)), 422],
  ['objects in objects', withPayload(`${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`), 422],
  ['arrays that never end', withPayload('['.repeat(900_000)), 400],
  [
    'depth around an integer',
    withPayload(`${'['.repeat(400_000)}9007199254740993${']'.repeat(400_000)}`),
    422,
  ],
  ['an integer of many digits', withPayload('1'.repeat(900_000)), 422],
  ['a fraction of many digits', withPayload(`0.${'1'.repeat(900_000)}`), 201],
  ['a large exponent', withPayload('1e999999999'), 422],
  ['a small exponent', withPayload('1e-999999999'), 201],
  ['many large exponents', withPayload(`[${Array(100_000).fill('1e308').join()}]`), 201],
  ['backslashes', withPayload(`"${'\\\\'.repeat(400_000)}"`), 201],
  ['escapes', withPayload(`"${'\\u0000'.repeat(100_000)}"`), 201],
  ['one name again and again', withPayload(`{${Array(80_000).fill('"a":1').join()}}`), 201],
  ['very many names', withPayload(`{${Array.from({ length: 60_000 }, (_, n) => `"k${n}":1`).join()}}`), 201],
  ['very many unknown fields', `{${Array.from({ length: 60_000 }, (_, n) => `"k${n}":1`).join()}}`, 422],
  ['a name without an end', `{"type":"mail","${'a'.repeat(900_000)}":1}`, 422],
  ['spaces', withPayload(' '.repeat(900_000)), 400],
  ['a type without an end', `{"type":"${'a'.repeat(900_000)}"}`, 422],
  [
    'an instant without an end',
    `{"type":"a","run_after_utc":"2025-01-01T00:00:00.${'0'.repeat(900_000)}Z"}`,
    201,
  ],
];

describe('JSON that is more than it looks', () => {
  test.each(BODIES)('%s: is answered, and so is everybody else', async (_what, body, status) => {
    const client = new Client(open().url);
    const [reply, health] = await Promise.all([post(body), client.get('/health')]);
    expect([reply.status, JSON.stringify(reply.problem).length < 5_000_000]).toEqual([status, true]);
    expect(health.status).toBe(200);
    if (status !== 201) return;
    // What was taken can be read again, listed too.
    expect((await client.get(`/queue/tasks/${reply.problem.task_id}`)).status).toBe(200);
    expect((await client.get('/queue/tasks?limit=5')).status).toBe(200);
  });

  test('what is wrong in many places is told in an answer of a bearable size', async () => {
    const tasks = Array.from({ length: 1_000 }, () => ({ a: 1, b: 1, c: 1, priority: 0 }));
    const response = await fetch(`${open().url}/api/queue/enqueue/batch`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ tasks }),
    });
    expect(response.status).toBe(422);
    expect((await response.text()).length).toBeLessThan(2 * MEGABYTE);
  });
});

describe('a body that is small only while it is compressed', () => {
  const bomb = Buffer.from(withPayload(`"${' '.repeat(40 * MEGABYTE)}"`));
  const ways: [string, (bytes: Buffer) => Buffer][] = [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ];

  test.each(ways)('%s: is refused when it has grown to the limit', async (encoding, compress) => {
    const compressed = compress(bomb);
    expect(compressed.length).toBeLessThan(MEGABYTE);
    const client = new Client(open().url);
    const sent = Array.from({ length: 4 }, () => post(compressed, { 'Content-Encoding': encoding }));
    expect((await client.get('/health')).status).toBe(200);
    for (const { status, problem } of await Promise.all(sent)) {
      expect([status, problem.error_code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    }
  });

  test('is not unpacked again and again', async () => {
    const twice = gzipSync(gzipSync(Buffer.from(withPayload('1'))));
    for (const encoding of ['gzip, gzip', 'gzip,gzip,gzip,gzip', 'identity, gzip', 'x'.repeat(1_000)]) {
      expect((await post(twice, { 'Content-Encoding': encoding })).status).toBe(415);
    }
    expect((await post(twice, { 'Content-Encoding': 'gzip' })).status).toBe(400);
  });

  test('is refused when it is no compression at all', async () => {
    for (const [encoding] of ways) {
      expect((await post(withPayload('1'), { 'Content-Encoding': encoding })).status).toBe(400);
    }
  });
});

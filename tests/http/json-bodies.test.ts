import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { api, expectProblem, useTestApp } from '../support/test-app.js';

const app = useTestApp({ bodyLimit: 100_000, batchBodyLimit: 200_000 }, 'file');
const PATH = '/api/queue/enqueue';

/** Sends bytes as they are. */
const send = (body: string | Buffer, headers: Record<string, string> = {}, path = PATH) =>
  app()
    .http.post(path)
    .set({ 'Content-Type': 'application/json', ...headers })
    .serialize((bytes) => bytes)
    .send(body);

const withPayload = (json: string): string => `{"type":"a","payload":${json}}`;
const nested = (depth: number): string => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

async function payloadOf(body: string | Buffer, headers?: Record<string, string>) {
  const response = await send(body, headers);
  expect(response.status).toBe(201);
  return (await api.task(app(), response.body.task_id)).payload;
}

describe('malformed JSON is 400', () => {
  test.each([
    ['{"type":"a"', 'it ends too early'],
    ['{"type":"a",}', ''],
    ["{'type':'a'}", ''],
    ['{"type":"a"} x', ''],
    ['{"type":NaN}', ''],
    ['{"type":"a","priority":01}', ''],
    ['type=a', ''],
    ['   ', 'it ends too early'],
  ])('%s', async (body, detail) => {
    const response = await send(body);
    expectProblem(response, 400, 'MALFORMED_JSON');
    expect(response.body.detail).toContain(detail);
  });

  test('bytes that are not UTF-8', async () => {
    const response = await send(Buffer.from('{"type":"caf\xe9"}', 'latin1'));
    expectProblem(response, 400, 'MALFORMED_JSON');
    expect(response.body.detail).toContain('UTF-8');
  });

  test('damaged compression', async () => {
    const damaged = gzipSync('{"type":"a"}').subarray(0, 20);
    expectProblem(await send(damaged, { 'Content-Encoding': 'gzip' }), 400, 'MALFORMED_JSON');
    expectProblem(await send('{"type":"a"}', { 'Content-Encoding': 'gzip' }), 400, 'MALFORMED_JSON');
  });
});

describe('another media type is 415', () => {
  test.each([
    ['text/plain', { 'Content-Type': 'text/plain' }],
    ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['something like JSON', { 'Content-Type': 'application/jsonp' }],
    ['another charset', { 'Content-Type': 'application/json; charset=utf-16' }],
    ['latin1', { 'Content-Type': 'application/json; charset="ISO-8859-1"' }],
    ['an unknown compression', { 'Content-Encoding': 'compress' }],
    ['two compressions', { 'Content-Encoding': 'gzip, gzip' }],
  ])('%s', async (_what, headers) => {
    expectProblem(await send('{"type":"a"}', headers), 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  test('none at all', async () => {
    const response = await app().http.post(PATH).set('Content-Type', '').send('{"type":"a"}');
    expectProblem(response, 415, 'UNSUPPORTED_MEDIA_TYPE');
    expect(response.body.detail).toContain('Content-Type: application/json');
  });

  test.each([
    'application/json',
    'Application/JSON; charset=UTF-8',
    'application/json;charset="utf-8"',
    'application/vnd.api+json',
  ])('but not %s', async (type) => {
    expect((await send('{"type":"a"}', { 'Content-Type': type })).status).toBe(201);
  });
});

describe('a body beyond the limit is 413', () => {
  const big = (bytes: number): string => withPayload(`{"x":"${'x'.repeat(bytes)}"}`);

  test('by its length, and the server goes on', async () => {
    const response = await send(big(2_000_000));
    expectProblem(response, 413, 'PAYLOAD_TOO_LARGE');
    expect(response.body.detail).toContain('100000 bytes');
    expect((await send(big(90_000))).status).toBe(201);
    expect((await api.list(app())).length).toBeGreaterThan(0);
  });

  test('after decompression: a small body that inflates to a large one', async () => {
    const bomb = gzipSync(big(50_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    expectProblem(await send(bomb, { 'Content-Encoding': 'gzip' }), 413, 'PAYLOAD_TOO_LARGE');
  });

  test('a batch has a limit of its own', async () => {
    const batch = (bytes: number) => `{"tasks":[${big(bytes)}]}`;
    expect((await send(batch(150_000), {}, `${PATH}/batch`)).status).toBe(201);
    expectProblem(await send(batch(250_000), {}, `${PATH}/batch`), 413, 'PAYLOAD_TOO_LARGE');
  });
});

describe('a body may come', () => {
  test('compressed', async () => {
    const headers = { 'Content-Encoding': 'gzip' };
    expect(await payloadOf(gzipSync(withPayload('{"x":1}')), headers)).toEqual({ x: 1 });
  });

  test('with a byte order mark', async () => {
    expect(await payloadOf(`\ufeff${withPayload('{"x":1}')}`)).toEqual({ x: 1 });
  });

  test('with any character of Unicode', async () => {
    const text = 'é日😀\u2028\u0000"\\';
    expect(await payloadOf(withPayload(JSON.stringify({ [text]: text })))).toEqual({ [text]: text });
  });
});

describe('nesting', () => {
  test('of 100 levels is stored and listed', async () => {
    const json = nested(100);
    expect(JSON.stringify(await payloadOf(withPayload(json)))).toBe(json);
    expect((await app().http.get('/api/queue/tasks?limit=1')).text).toContain(json);
  });

  test.each([101, 1000, 40_000])('of %d levels is 422', async (depth) => {
    const response = await send(withPayload(nested(depth)));
    expectProblem(response, 422, 'VALIDATION_FAILED');
    expect(response.body.errors[0].pointer).toMatch(/^\/payload\/a(\/0)+$/);
    expect(response.body.errors[0].message).toContain('100 levels');
  });

  test('of an unknown field overflows nothing either', async () => {
    const response = await send(`{"type":"a","extra":${nested(40_000)}}`);
    expectProblem(response, 422, 'VALIDATION_FAILED', ['/extra']);
  });
});

describe('numbers', () => {
  test.each([
    ['{"n":9007199254740993}', '/payload/n'],
    ['{"n":-9007199254740993}', '/payload/n'],
    ['{"a":{"b":[1,2,{"c/d":12345678901234567890}]}}', '/payload/a/b/2/c~1d'],
    ['{"text":"\\"12345678901234567890","n":12345678901234567890}', '/payload/n'],
    ['{"text":"\\\\","n":12345678901234567890}', '/payload/n'],
    ['{"n":1e400}', '/payload/n'],
    ['{"n":[-1e999]}', '/payload/n/0'],
  ])('%s is refused at its place', async (json, pointer) => {
    expectProblem(await send(withPayload(json)), 422, 'VALIDATION_FAILED', [pointer]);
  });

  test.each([
    '{"n":9007199254740992}',
    '{"n":-9007199254740992}',
    '{"n":1e300}',
    '{"n":6.02e23}',
    '{"n":0.1234567890123456789}',
    '{"n":12345678901234567890.5}',
    '{"n":12345678901234567890e5}',
    '{"n":1e0000000000000000001}',
    '{"n":1e-0000000000000000001}',
    '{"text":"12345678901234567890"}',
    '{"12345678901234567890":1}',
    '{"text":"\\\\\\" 12345678901234567890"}',
  ])('%s is stored', async (json) => {
    expect(await payloadOf(withPayload(json))).toEqual(JSON.parse(json));
  });

  test('too large for an id of a priority are refused there', async () => {
    const response = await send('{"type":"a","priority":9007199254740993}');
    expectProblem(response, 422, 'VALIDATION_FAILED', ['/priority']);
  });
});

describe('half of a surrogate pair', () => {
  test.each([
    ['in a text', '{"x":{"y":"a\\ud83d"}}', '/payload/x/y'],
    ['in a key', '{"x":{"\\udc00":1}}', '/payload/x'],
    ['the wrong way round', '{"x":"\\ude00\\ud83d"}', '/payload/x'],
  ])('%s is 422', async (_what, json, pointer) => {
    expectProblem(await send(withPayload(json)), 422, 'VALIDATION_FAILED', [pointer]);
  });

  test('is no matter where the other half follows', async () => {
    expect(await payloadOf(withPayload('{"x":"\\ud83d\\ude00"}'))).toEqual({ x: '😀' });
  });
});

import { describe, expect, test } from '@jest/globals';
import { ApiError, ConnectionError, createClient } from '../../src/client/index.js';
import { hangUp, json, ScriptedServer } from '../support/servers.js';

const busy = json(503, { error_code: 'STORAGE_BUSY', detail: 'The storage is busy' });
const badGateway = json(502, { message: 'bad gateway' });
const enqueued = json(201, { task_id: 1, status: 'queued', created_at_utc: '2025-11-05T12:00:00.000Z' });
const stats = json(200, { total_tasks: 5 });

/** A client that gives up as late as it does by itself, with nothing to wait for between. */
async function setUp(...answers: Parameters<typeof ScriptedServer.start>) {
  const server = await ScriptedServer.start(...answers);
  return { server, client: createClient({ url: server.url, requestTimeout: 5_000 }) };
}

describe('what failed in passing is asked again', () => {
  test.each([
    ['a lost connection', hangUp],
    ['a busy storage', busy],
    ['a gateway without its server', badGateway],
  ])('%s', async (_what, failure) => {
    const { client, server } = await setUp(failure, failure, stats);
    expect(await client.stats()).toEqual({ totalTasks: 5 });
    expect(server.asked).toEqual(Array(3).fill('GET /api/queue/stats'));
  });

  test('but not without an end', async () => {
    const { client, server } = await setUp(busy);
    await expect(client.stats()).rejects.toMatchObject({ status: 503, code: 'STORAGE_BUSY' });
    expect(server.asked).toHaveLength(4);
  });

  test('and not what will be refused again', async () => {
    const { client, server } = await setUp(json(404, { error_code: 'TASK_NOT_FOUND', detail: 'Not found' }));
    await expect(client.get(1)).rejects.toThrow('Not found');
    expect(server.asked).toHaveLength(1);
  });
});

describe('a write is sent again only where that does no harm', () => {
  test('without a key, a lost answer is told: it may have been stored', async () => {
    const { client, server } = await setUp(hangUp, enqueued);
    const error = await client.enqueue({ type: 'a' }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ url: server.url });
    expect(server.asked).toHaveLength(1);
    await expect(setUp(badGateway).then((bad) => bad.client.cancel(1))).rejects.toThrow(ApiError);
  });

  test('with a key, it is sent again', async () => {
    const { client, server } = await setUp(hangUp, badGateway, enqueued);
    expect(await client.enqueue({ type: 'a', idempotencyKey: 'k' })).toMatchObject({ taskId: 1 });
    expect(server.asked).toHaveLength(3);
  });

  test('or where the server says that it did nothing', async () => {
    const limited = json(429, {
      error_code: 'RATE_LIMITED',
      detail: 'The limit of 1 writes per minute is exceeded',
    });
    const { client, server } = await setUp(limited, busy, enqueued);
    expect(await client.enqueue({ type: 'a' })).toMatchObject({ taskId: 1 });
    expect(server.asked).toHaveLength(3);
    // Who else says so may have passed the request on.
    const proxy = await setUp(json(429, { message: 'slow down' }), enqueued);
    await expect(proxy.client.enqueue({ type: 'a' })).rejects.toThrow(ApiError);
  });

  test('in a batch each needs one', async () => {
    const both = [
      { type: 'a', idempotencyKey: 'k' },
      { type: 'a', idempotencyKey: 'l' },
    ];
    const { client } = await setUp(hangUp, json(201, { tasks: [] }));
    expect(await client.enqueueMany(both)).toEqual([]);
    const { client: other } = await setUp(hangUp, json(201, { tasks: [] }));
    await expect(other.enqueueMany([...both, { type: 'a' }])).rejects.toThrow(ConnectionError);
  });

  test('a server that says it did nothing is asked again, key or not', async () => {
    const { client, server } = await setUp(busy, enqueued);
    expect(await client.enqueue({ type: 'a' })).toMatchObject({ taskId: 1 });
    expect(server.asked).toHaveLength(2);
  });
});

describe('errors say what happened', () => {
  test('of the API: all that it tells', async () => {
    const problem = {
      error_code: 'VALIDATION_FAILED',
      detail: 'The request is not valid: /type: is required',
      request_id: 'abc',
      errors: [{ pointer: '/type', message: 'is required' }],
    };
    const { client } = await setUp(json(422, problem));
    const error = await client.enqueue({ type: 'a' }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      name: 'ApiError',
      message: problem.detail,
      detail: problem.detail,
      code: 'VALIDATION_FAILED',
      status: 422,
      requestId: 'abc',
      problems: problem.errors,
    });
  });

  test('of somebody else: what they say, and no code', async () => {
    const { client } = await setUp((_req, res) => res.end('<h1>Welcome to the router</h1>'));
    const error = await client.stats().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 200, code: null });
    expect(error.message).toContain('Welcome to the router');
  });

  test('without an answer: which server', async () => {
    const { server } = await setUp(stats);
    const { url } = server;
    await server.close();
    const client = createClient({ url: `${url}/`, retries: 0 });
    const error = await client.stats().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toContain(`No connection to ${url}: connect ECONNREFUSED`);
  });

  test('a server that says nothing is given up', async () => {
    const { server } = await setUp(() => undefined);
    const client = createClient({ url: server.url, requestTimeout: 20, retries: 0 });
    await expect(client.stats()).rejects.toThrow(`${server.url} does not answer`);
  });

  test('an address that is none', () => {
    expect(() => createClient({ url: 'nonsense' })).toThrow('Invalid URL');
  });
});

test('headers of the user go along', async () => {
  const { server } = await setUp(stats);
  await createClient({ url: server.url, headers: { Authorization: 'Bearer x' } }).stats();
  expect(server.requests[0]?.headers.authorization).toBe('Bearer x');
});

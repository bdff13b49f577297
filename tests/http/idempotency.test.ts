import { beforeEach, describe, expect, test } from '@jest/globals';
import { api, expectProblem, useTestApp } from '../support/test-app.js';

const app = useTestApp({}, 'file');
let tests = 0;
let first: { type: string; payload: object; idempotency_key: string };

beforeEach(() => {
  const name = `request-${tests++}`;
  first = { type: name, payload: { to: 'a', n: [1, { x: 1, y: 2 }] }, idempotency_key: name };
});

const listed = () => api.list(app(), `?type=${first.type}`);

const enqueue = (body: object, header?: string) => {
  const request = app().http.post('/api/queue/enqueue');
  return (header === undefined ? request : request.set('Idempotency-Key', header)).send(body);
};

describe('the same key again', () => {
  test('answers with the first task and its current status', async () => {
    const before = await enqueue(first);
    expect(before.headers).not.toHaveProperty('idempotency-replayed');
    const [task] = await api.claim(app(), { types: [first.type] });
    await api.report(app(), 'complete', task);
    app().clock.advance(60_000);
    const again = await enqueue(first);
    expect(again.status).toBe(201);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.headers.location).toBe(before.headers.location);
    expect(again.body).toEqual({
      task_id: before.body.task_id,
      status: 'completed',
      created_at_utc: before.body.created_at_utc,
      message: 'Task already exists (idempotency key match)',
    });
    expect(await listed()).toHaveLength(1);
  });

  test.each([
    ['other order of keys', { payload: { n: [1, { y: 2, x: 1 }], to: 'a' } }],
    ['defaults spelled out', { priority: 100, max_attempts: 5, compatibility: {}, run_after_utc: null }],
  ])('is the same request: %s', async (_what, fields) => {
    const before = await enqueue(first);
    const again = await enqueue({ ...first, ...fields });
    expect(again.body.task_id).toBe(before.body.task_id);
  });

  test('is the same request with spaces around the type', async () => {
    const before = await enqueue(first);
    const again = await enqueue({ ...first, type: ` ${first.type} ` });
    expect(again.body.task_id).toBe(before.body.task_id);
  });

  test('is the same request when the instants are the same', async () => {
    const before = await enqueue({ ...first, run_after_utc: '2030-01-01T09:00:00+09:00' });
    const again = await enqueue({ ...first, run_after_utc: '2030-01-01T00:00:00.0009' });
    expect(again.body.task_id).toBe(before.body.task_id);
  });

  test.each([
    ['type', { type: 'print' }],
    ['priority', { priority: 1 }],
    ['payload', { payload: {} }],
    ['order in an array of the payload', { payload: { to: 'a', n: [{ x: 1, y: 2 }, 1] } }],
    ['compatibility', { compatibility: { gpu: true } }],
    ['max_attempts', { max_attempts: 1 }],
    ['run_after_utc', { run_after_utc: '2030-01-01T00:00:00Z' }],
  ])('is refused with another %s, naming the task', async (_what, fields) => {
    const { task_id: id } = (await enqueue(first)).body;
    const response = await enqueue({ ...first, ...fields });
    expectProblem(response, 422, 'IDEMPOTENCY_KEY_REUSED');
    expect(response.body.detail).toContain(`task ${id}`);
    expect(await listed()).toHaveLength(1);
  });

  test('twenty times at once makes one task and no error', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => enqueue(first)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(replies.map(({ body }) => body.task_id)).size).toBe(1);
    expect(replies.filter(({ headers }) => !headers['idempotency-replayed'])).toHaveLength(1);
    expect(await listed()).toHaveLength(1);
  });
});

describe('the Idempotency-Key header', () => {
  test.each([
    ['bare', 'k-1', 'k-1'],
    ['bare with a space', 'order 17', 'order 17'],
    ['quoted', '"k-2"', 'k-2'],
    ['quoted with a comma and spaces', '" a, b "', ' a, b '],
    ['quoted with escapes', '"a\\"b\\\\c"', 'a"b\\c'],
    ['of 255 characters', 'k'.repeat(255), 'k'.repeat(255)],
  ])('is taken %s', async (_what, header, key) => {
    const { body } = await enqueue({ type: first.type }, header);
    expect((await api.task(app(), body.task_id)).idempotency_key).toBe(key);
    expect((await enqueue({ type: first.type, idempotency_key: key })).headers).toHaveProperty(
      'idempotency-replayed',
    );
  });

  test.each(['', '""', '"open', 'open"', 'a"b', 'a, b', '"a", "a"', '"a\\b"', 'kéy', 'k'.repeat(256)])(
    'is refused as %p',
    async (header) => {
      const response = await enqueue({ type: first.type }, header);
      expectProblem(response, 422, 'VALIDATION_FAILED', ['/idempotency-key']);
      expect(await listed()).toEqual([]);
    },
  );

  test('may come with the same key in the body, or with null there', async () => {
    const both = await enqueue(first, `"${first.idempotency_key}"`);
    expect(both.status).toBe(201);
    const headerOnly = await enqueue({ ...first, idempotency_key: null }, first.idempotency_key);
    expect(headerOnly.body.task_id).toBe(both.body.task_id);
  });

  test('is refused when the body has another key', async () => {
    expectProblem(await enqueue(first, 'k2'), 422, 'VALIDATION_FAILED', ['/idempotency_key']);
    expect(await listed()).toEqual([]);
  });
});

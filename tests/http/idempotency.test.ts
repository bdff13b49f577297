import { describe, expect, test } from '@jest/globals';
import { api } from '../support/api.js';
import { expectProblem } from '../support/expect-problem.js';
import { useTestApp } from '../support/test-app.js';

const app = useTestApp();
const FIRST = { type: 'mail', payload: { to: 'a', n: [1, { x: 1, y: 2 }] }, idempotency_key: 'k1' };
const enqueue = (body: object, header?: string) => {
  const request = app().http.post('/api/queue/enqueue');
  return (header === undefined ? request : request.set('Idempotency-Key', header)).send(body);
};

describe('the same key again', () => {
  test('answers with the first task and its current status', async () => {
    const first = await enqueue(FIRST);
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    const [task] = await api.claim(app());
    await api.tell(app(), 'complete', task);
    app().clock.advance(60_000);
    const again = await enqueue(FIRST);
    expect(again.status).toBe(201);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.headers.location).toBe(first.headers.location);
    expect(again.body).toEqual({
      task_id: first.body.task_id,
      status: 'completed',
      created_at_utc: first.body.created_at_utc,
      message: 'Task already exists (idempotency key match)',
    });
    expect(await api.list(app())).toHaveLength(1);
  });

  test.each([
    ['other order of keys', { payload: { n: [1, { y: 2, x: 1 }], to: 'a' } }],
    ['the type with spaces around', { type: ' mail ' }],
    ['defaults spelled out', { priority: 100, max_attempts: 5, compatibility: {}, run_after_utc: null }],
  ])('is the same request: %s', async (_what, fields) => {
    const first = await enqueue(FIRST);
    const again = await enqueue({ ...FIRST, ...fields });
    expect(again.body.task_id).toBe(first.body.task_id);
  });

  test('is the same request when the instants are the same', async () => {
    const first = await enqueue({ ...FIRST, run_after_utc: '2030-01-01T09:00:00+09:00' });
    const again = await enqueue({ ...FIRST, run_after_utc: '2030-01-01T00:00:00.0009' });
    expect(again.body.task_id).toBe(first.body.task_id);
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
    const { task_id: id } = (await enqueue(FIRST)).body;
    const response = await enqueue({ ...FIRST, ...fields });
    expectProblem(response, 422, 'IDEMPOTENCY_KEY_REUSED');
    expect(response.body.detail).toContain(`task ${id}`);
    expect(await api.list(app())).toHaveLength(1);
  });

  test('twenty times at once makes one task and no error', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => enqueue(FIRST)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(replies.map(({ body }) => body.task_id)).size).toBe(1);
    expect(replies.filter(({ headers }) => !headers['idempotency-replayed'])).toHaveLength(1);
    expect(await api.list(app())).toHaveLength(1);
  });
});

describe('the Idempotency-Key header', () => {
  test.each([
    ['bare', 'k-1', 'k-1'],
    ['bare with a space', 'order 17', 'order 17'],
    ['quoted', '"k-1"', 'k-1'],
    ['quoted with a comma and spaces', '" a, b "', ' a, b '],
    ['quoted with escapes', '"a\\"b\\\\c"', 'a"b\\c'],
    ['of 255 characters', 'k'.repeat(255), 'k'.repeat(255)],
  ])('is taken %s', async (_what, header, key) => {
    const { body } = await enqueue({ type: 'mail' }, header);
    expect((await api.task(app(), body.task_id)).idempotency_key).toBe(key);
    expect((await enqueue({ type: 'mail', idempotency_key: key })).headers).toHaveProperty(
      'idempotency-replayed',
    );
  });

  test.each(['', '""', '"open', 'open"', 'a"b', 'a, b', '"a", "a"', '"a\\b"', 'kéy', 'k'.repeat(256)])(
    'is refused as %p',
    async (header) => {
      const response = await enqueue({ type: 'mail' }, header);
      expectProblem(response, 422, 'VALIDATION_FAILED', ['/idempotency-key']);
      expect(await api.list(app())).toEqual([]);
    },
  );

  test('may come with the same key in the body, or with null there', async () => {
    const both = await enqueue(FIRST, '"k1"');
    expect(both.status).toBe(201);
    const headerOnly = await enqueue({ ...FIRST, idempotency_key: null }, 'k1');
    expect(headerOnly.body.task_id).toBe(both.body.task_id);
  });

  test('is refused when the body has another key', async () => {
    expectProblem(await enqueue(FIRST, 'k2'), 422, 'VALIDATION_FAILED', ['/idempotency_key']);
    expect(await api.list(app())).toEqual([]);
  });
});

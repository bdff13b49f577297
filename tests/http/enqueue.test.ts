import { describe, expect, test } from '@jest/globals';
import { api, expectProblem, useTestApp } from '../support/test-app.js';

const app = useTestApp({}, 'file');
const enqueue = (body: object | string) => app().http.post('/api/queue/enqueue').type('json').send(body);

/** Every refusal leaves the queue as it was, and the list working. */
async function expectRefused(body: object | string, pointers: string[]) {
  const before = await api.list(app(), '?limit=1000');
  expectProblem(await enqueue(body), 422, 'VALIDATION_FAILED', pointers);
  expect(await api.list(app(), '?limit=1000')).toEqual(before);
}

describe('a task', () => {
  test('is enqueued with defaults', async () => {
    const response = await enqueue({ type: 'video' });
    expect(response.status).toBe(201);
    const { task_id: id } = response.body;
    expect(response.body).toEqual({
      task_id: id,
      status: 'queued',
      created_at_utc: '2025-11-05T12:00:00.000Z',
      message: 'Task enqueued successfully',
    });
    expect(Object.keys(response.body)).toEqual(['task_id', 'status', 'created_at_utc', 'message']);
    expect(response.headers.location).toBe(`/api/queue/tasks/${id}`);
    expect(response.headers).not.toHaveProperty('idempotency-replayed');
    expect(await api.task(app(), id)).toMatchObject({
      type: 'video',
      priority: 100,
      payload: {},
      compatibility: {},
      attempts: 0,
      max_attempts: 5,
      run_after_utc: '2025-11-05T12:00:00.000Z',
      idempotency_key: null,
    });
  });

  test('is enqueued with every field', async () => {
    const fields = {
      type: 'video',
      priority: 1,
      payload: { format: 'mp4', parts: [1, 2.5, null, true, { deep: '✓' }] },
      compatibility: { region: 'us-west', gpu: ['a', 'b'] },
      max_attempts: 10,
      run_after_utc: '2030-01-01T00:00:00Z',
      idempotency_key: 'every-field',
    };
    const id = await api.enqueue(app(), fields);
    expect(await api.task(app(), id)).toMatchObject({
      ...fields,
      run_after_utc: '2030-01-01T00:00:00.000Z',
      status: 'queued',
    });
  });

  test('has an id greater than all before', async () => {
    const first = await api.enqueue(app());
    expect(await api.enqueue(app())).toBeGreaterThan(first);
  });

  test.each([
    ['priority', 1],
    ['priority', 1000],
    ['max_attempts', 1],
    ['max_attempts', 10],
    ['run_after_utc', null],
    ['idempotency_key', null],
    ['idempotency_key', 'k'.repeat(255)],
    ['idempotency_key', '😀'.repeat(255)],
    ['type', 'x'],
    ['type', '日'.repeat(200)],
    ['type', '😀'.repeat(200)],
  ])('may have %s %p', async (field, value) => {
    expect((await enqueue({ type: 'mail', [field]: value })).status).toBe(201);
  });

  test('has its type trimmed', async () => {
    const id = await api.enqueue(app(), { type: '  mail\n' });
    expect((await api.task(app(), id)).type).toBe('mail');
  });
});

describe('refused as 422, naming the field:', () => {
  test.each([
    ['no type', {}, '/type'],
    ['an empty type', { type: '' }, '/type'],
    ['a blank type', { type: '  ' }, '/type'],
    ['a type of 201 characters', { type: 'x'.repeat(201) }, '/type'],
    ['a type of 201 characters beyond the basic plane', { type: '😀'.repeat(201) }, '/type'],
    ['a type with a control character', { type: 'a\u0000b' }, '/type'],
    ['a type with a later control character', { type: 'a\u0085b' }, '/type'],
    ['a type with half a surrogate pair', '{"type":"a\\ud800b"}', '/type'],
    ['a type that is a number', { type: 7 }, '/type'],
    ['a null type', { type: null }, '/type'],
    ['priority 0', { type: 'a', priority: 0 }, '/priority'],
    ['priority 1001', { type: 'a', priority: 1001 }, '/priority'],
    ['priority 1.5', { type: 'a', priority: 1.5 }, '/priority'],
    ['priority as text', { type: 'a', priority: '50' }, '/priority'],
    ['priority true', { type: 'a', priority: true }, '/priority'],
    ['priority null', { type: 'a', priority: null }, '/priority'],
    ['an infinite priority', '{"type":"a","priority":1e400}', '/priority'],
    ['max_attempts 0', { type: 'a', max_attempts: 0 }, '/max_attempts'],
    ['max_attempts 11', { type: 'a', max_attempts: 11 }, '/max_attempts'],
    ['max_attempts null', { type: 'a', max_attempts: null }, '/max_attempts'],
    ['a payload that is an array', { type: 'a', payload: [] }, '/payload'],
    ['a payload that is text', { type: 'a', payload: '{"a":1}' }, '/payload'],
    ['a null payload', { type: 'a', payload: null }, '/payload'],
    ['a null compatibility', { type: 'a', compatibility: null }, '/compatibility'],
    ['a compatibility that is text', { type: 'a', compatibility: 'gpu' }, '/compatibility'],
    ['an empty idempotency key', { type: 'a', idempotency_key: '' }, '/idempotency_key'],
    ['a long idempotency key', { type: 'a', idempotency_key: 'k'.repeat(256) }, '/idempotency_key'],
    ['a key with half a pair', '{"type":"a","idempotency_key":"\\udfff"}', '/idempotency_key'],
    ['an unknown field', { type: 'a', priorty: 5 }, '/priorty'],
    ['an unknown field that needs escaping', { type: 'a', 'a/b~c': 5 }, '/a~1b~0c'],
    ['a field named __proto__', '{"type":"a","__proto__":{"x":1}}', '/__proto__'],
    ['a field named constructor', { type: 'a', constructor: 1 }, '/constructor'],
    ['a body that is an array', '[]', ''],
    ['a body that is null', 'null', ''],
    ['a body that is text', '"mail"', ''],
    ['a body that is a number', '7', ''],
  ])('%s', async (_what, body, pointer) => {
    await expectRefused(body, [pointer]);
  });

  test('no body at all', async () => {
    expectProblem(await app().http.post('/api/queue/enqueue'), 422, 'VALIDATION_FAILED', ['']);
    expectProblem(await enqueue(''), 422, 'VALIDATION_FAILED', ['']);
  });

  test('everything that is wrong at once', async () => {
    const response = await enqueue({ priority: 0, max_attempts: 'x', extra: 1, run_after_utc: 'soon' });
    expectProblem(response, 422, 'VALIDATION_FAILED', [
      '/type',
      '/priority',
      '/max_attempts',
      '/run_after_utc',
      '/extra',
    ]);
    expect(response.body.detail).toMatch(
      /^The request is not valid: \/type: is required; .*\/extra: is not a known field$/,
    );
    expect(response.body.errors[1]).toEqual({ pointer: '/priority', message: 'must be 1 or more' });
  });

  test('a flood of unknown fields, naming only some', async () => {
    const flood = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`field${i}`, 1]));
    const response = await enqueue(flood);
    expectProblem(response, 422, 'VALIDATION_FAILED');
    expect(response.body.errors).toHaveLength(10);
    expect(response.text.length).toBeLessThan(2000);
  });
});

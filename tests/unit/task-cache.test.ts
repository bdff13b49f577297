import { describe, expect, test } from '@jest/globals';
import { TaskCache } from '../../src/repositories/shared/task-cache.js';

const task = (id: number, fields: object = {}) =>
  ({
    id,
    revision: 1,
    type: 'mail',
    payload: '{}',
    compatibility: '{}',
    progressMessage: null,
    result: null,
    errorMessage: null,
    lockedBy: null,
    idempotencyKey: null,
    leaseUntil: null,
    ...fields,
  }) as never;

describe('the cache of tasks', () => {
  const LONG = 'x'.repeat(3_000);

  test.each([
    'type',
    'payload',
    'compatibility',
    'progressMessage',
    'result',
    'errorMessage',
    'lockedBy',
    'idempotencyKey',
  ])('does not keep a task with a long %s', (name) => {
    const cache = new TaskCache();
    cache.remember(task(1));
    expect(cache.get(1, 1)).toBeDefined();
    cache.remember(task(1, { [name]: LONG }));
    expect(cache.has(1)).toBe(false);
  });

  test('keeps so much text and no more, the newest of it', () => {
    const cache = new TaskCache();
    for (let id = 1; id <= 20_000; id++) cache.remember(task(id, { payload: 'x'.repeat(2_000) }));
    const kept = Array.from({ length: 20_000 }, (_, at) => at + 1).filter((id) => cache.has(id));
    expect(kept.length * 2_000).toBeLessThan(8 * 1024 * 1024);
    expect(kept.length).toBeGreaterThan(3_000);
    expect(kept.at(0)).toBe(20_001 - kept.length);
  });

  test('counts a task that is read again once', () => {
    const cache = new TaskCache();
    cache.remember(task(1));
    for (let n = 0; n < 20_000; n++) cache.remember(task(2, { payload: 'x'.repeat(2_000) }));
    expect(cache.has(1)).toBe(true);
  });
});

import { describe, expect, test } from '@jest/globals';
import { requestDigest } from '../../src/core/task-request.js';
import { newTask, type TaskWishes } from '../support/queue-under-test.js';

const digest = (wishes: TaskWishes = {}) => requestDigest(newTask(wishes));

describe('requestDigest', () => {
  test('is short, and the same for the same request', () => {
    expect(digest()).toMatch(/^[\w-]{43}$/);
    expect(digest({ payload: { a: [1], b: 2 } })).toBe(digest({ payload: { b: 2, a: [1] } }));
    expect(digest({ compatibility: { a: 1, b: 2 } })).toBe(digest({ compatibility: { b: 2, a: 1 } }));
    expect(digest({ idempotencyKey: 'one' })).toBe(digest({ idempotencyKey: 'other' }));
    expect(requestDigest({ ...newTask(), payload: ' { "a" : 1.0 } ' })).toBe(digest({ payload: { a: 1 } }));
  });

  test.each<[string, TaskWishes, TaskWishes]>([
    ['type', { type: 'a' }, { type: 'b' }],
    ['priority', { priority: 1 }, { priority: 2 }],
    ['payload', { payload: { a: 1 } }, { payload: { a: '1' } }],
    ['order in an array', { payload: { a: [1, 2] } }, { payload: { a: [2, 1] } }],
    ['compatibility', { compatibility: {} }, { compatibility: { gpu: null } }],
    ['max attempts', { maxAttempts: 1 }, { maxAttempts: 2 }],
    ['due time', { runAfter: 1 }, { runAfter: 2 }],
    ['a due time or none', { runAfter: 0 }, { runAfter: null }],
    ['what stands where', { payload: { a: 1 } }, { compatibility: { a: 1 } }],
  ])('another %s makes another request', (_, a, b) => expect(digest(a)).not.toBe(digest(b)));
});

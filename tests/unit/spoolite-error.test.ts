import { expect, test } from '@jest/globals';
import { ERROR_CODES, SpooliteError, taskNotFound } from '../../src/core/errors.js';

test('the codes are the closed list that clients rely on', () => {
  expect([...ERROR_CODES].sort()).toEqual([
    'COUNT_CHANGED',
    'CURSOR_INVALID',
    'FORBIDDEN',
    'IDEMPOTENCY_KEY_REUSED',
    'INTERNAL_ERROR',
    'LEASE_LOST',
    'MALFORMED_JSON',
    'METHOD_NOT_ALLOWED',
    'NOT_READY',
    'PAYLOAD_TOO_LARGE',
    'RATE_LIMITED',
    'ROUTE_NOT_FOUND',
    'STORAGE_BUSY',
    'STORAGE_FULL',
    'TASK_NOT_FINISHED',
    'TASK_NOT_FOUND',
    'UNAUTHENTICATED',
    'UNSUPPORTED_MEDIA_TYPE',
    'VALIDATION_FAILED',
  ]);
});

test('an error says what happened, and where', () => {
  const problems = [{ pointer: '/priority', message: 'must be 1 or more' }];
  const error = new SpooliteError('VALIDATION_FAILED', 'priority must be 1 or more', problems);
  expect(error).toBeInstanceOf(Error);
  expect({ ...error, message: error.message, name: error.name }).toMatchObject({
    name: 'SpooliteError',
    code: 'VALIDATION_FAILED',
    message: 'priority must be 1 or more',
    problems,
  });
  expect(taskNotFound(99_999)).toMatchObject({
    code: 'TASK_NOT_FOUND',
    message: 'Task 99999 not found',
    problems: [],
  });
});

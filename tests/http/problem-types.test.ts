import { expect, test } from '@jest/globals';
import { PROBLEM_TYPES } from '../../src/http/errors.js';
import { ERROR_CODES } from '../../src/index.js';

/** The whole list, as the contract has it. */
const CONTRACT = {
  400: ['MALFORMED_JSON'],
  401: ['UNAUTHENTICATED'],
  403: ['FORBIDDEN'],
  404: ['TASK_NOT_FOUND', 'ROUTE_NOT_FOUND'],
  405: ['METHOD_NOT_ALLOWED'],
  409: ['LEASE_LOST', 'TASK_NOT_FINISHED', 'COUNT_CHANGED'],
  413: ['PAYLOAD_TOO_LARGE'],
  415: ['UNSUPPORTED_MEDIA_TYPE'],
  422: ['VALIDATION_FAILED', 'IDEMPOTENCY_KEY_REUSED', 'CURSOR_INVALID'],
  429: ['RATE_LIMITED'],
  500: ['INTERNAL_ERROR'],
  503: ['STORAGE_BUSY', 'NOT_READY'],
  507: ['STORAGE_FULL'],
};

test('every error code has the status of the contract and a title, and there are no others', () => {
  const byStatus: Record<number, string[]> = {};
  for (const code of ERROR_CODES) {
    const { status, title } = PROBLEM_TYPES[code];
    expect(title).toMatch(/^[A-Z]/);
    byStatus[status] = [...(byStatus[status] ?? []), code];
  }
  expect(byStatus).toEqual(CONTRACT);
  expect(Object.keys(PROBLEM_TYPES).sort()).toEqual([...ERROR_CODES].sort());
});

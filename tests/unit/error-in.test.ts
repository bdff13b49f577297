import { expect, test } from '@jest/globals';
import type { JsonValue } from '../../src/core/json.js';
import { errorIn } from '../../src/dashboard/task/read-log.js';

test('an error is shown by its stack, with what caused it further in', () => {
  const refused = { name: 'Error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' };
  const cause = {
    name: 'AggregateError',
    message: '',
    stack: 'AggregateError\n    at lookup',
    errors: [refused],
  };
  const error = {
    name: 'TypeError',
    message: 'fetch failed',
    stack: 'TypeError: fetch failed\n    at fetch',
    cause,
  };
  expect(errorIn({ error })).toEqual([
    { depth: 0, text: 'TypeError: fetch failed' },
    { depth: 1, text: 'at fetch' },
    { depth: 1, text: 'caused by: AggregateError' },
    { depth: 2, text: 'at lookup' },
    { depth: 2, text: 'one of: Error: connect ECONNREFUSED [ECONNREFUSED]' },
  ]);
});

test('what was thrown and is no error is shown as it was', () => {
  expect(errorIn({ error: { thrown: 'object', value: '{ code: 5 }' } })).toEqual([
    { depth: 0, text: 'object { code: 5 }' },
  ]);
});

test.each([null, 'text', 7, ['error'], { code: 550 }, { error: 'text' }] as JsonValue[])(
  'details such as %j are none',
  (details) => {
    expect(errorIn(details)).toBeNull();
  },
);

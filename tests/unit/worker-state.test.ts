import { expect, test } from '@jest/globals';
import { workerLiveness } from '../../src/core/workers.js';

test.each([
  [true, 0, 'live'],
  [true, 3, 'live'],
  [false, 3, 'silent'],
  [false, 0, 'gone'],
] as const)('live %p with %i tasks is %s', (live, held, state) => {
  expect(workerLiveness(live, held)).toBe(state);
});

import { expect, test } from '@jest/globals';
import { workerState } from '../../src/domain/worker-state.js';

test.each([
  [true, 0, 'live'],
  [true, 3, 'live'],
  [false, 3, 'silent'],
  [false, 0, 'gone'],
] as const)('live %p with %i tasks is %s', (live, held, state) => {
  expect(workerState(live, held)).toBe(state);
});

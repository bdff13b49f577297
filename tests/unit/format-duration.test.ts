import { expect, test } from '@jest/globals';
import { formatDuration } from '../../src/client/duration.js';

test.each([
  [0, '0 s'],
  [0.006, '6 ms'],
  [0.042, '42 ms'],
  [0.9996, '1 s'],
  [1, '1 s'],
  [1.23, '1.2 s'],
  [9.94, '9.9 s'],
  [9.97, '10 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [200, '3 min 20 s'],
  [7_500, '2 h 5 min'],
  [273_600, '3 d 4 h'],
  [200 * 86_400, '200 d'],
  [72.5 * 365.25 * 86_400, '72 years'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

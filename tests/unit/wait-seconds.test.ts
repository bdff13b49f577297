import { describe, expect, test } from '@jest/globals';
import { preferredWait } from '../../src/controllers/tasks.js';

describe('preferredWait', () => {
  test.each([
    ['wait=10', 10],
    ['WAIT=10', 10],
    [' wait = 10 ', 10],
    ['wait="10"', 10],
    ['wait=0', 0],
    ['wait=60', 60],
    ['wait=61', 60],
    ['wait=99999999999999999999', 60],
    ['respond-async, wait=10', 10],
    ['wait=10; foo=bar, return=minimal', 10],
    ['wait=10, wait=20', 10],
    ['foo="a, wait=5", wait=7', 7],
  ])('%s', (header, seconds) => expect(preferredWait(header)).toBe(seconds));

  test.each([
    [undefined],
    [''],
    ['wait'],
    ['wait='],
    ['wait=-1'],
    ['wait=1.5'],
    ['wait=ten'],
    ['wait="10'],
    ['await=10'],
    ['return=minimal; wait=10'],
    ['foo="wait=10"'],
  ])('%s is ignored', (header) => expect(preferredWait(header)).toBeNull());
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { JsonScan } from '../../src/config/json-scan.js';

const misprintIn = (text: string) => new JsonScan(text).problem;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('a text that is not JSON', () => {
  test.each([
    ['', 0],
    ['{"port" 80}', 8],
    ['{"port": 80,}', 12],
    ['{"port": 80', 11],
    ["{'port': 80}", 1],
    ['{"port": 080}', 10],
    ['{"port": .5}', 9],
    ['{"a": [1, 2 3]}', 12],
    ['{"a": "b\nc"}', 6],
    ['{"a": "\\x"}', 6],
    ['{} {}', 3],
    ['// no comments\n{}', 0],
    ['{"a": undefined}', 6],
    [`${'['.repeat(50_000)}`, 100],
  ])('%j is so from %d on', (text, offset) => {
    expect(isJson(text)).toBe(false);
    expect(misprintIn(text)).toEqual({ message: 'this is not JSON', offset });
  });
});

test('a name that an object has twice is found, and not one that two objects have', () => {
  expect(misprintIn('{"a":1,"b":{"a":2},"\\u0061":3}')).toEqual({
    message: '"a" appears twice',
    offset: 19,
  });
  expect(misprintIn('{"a":[{"b":1},{"b":2}],"b":{"a":1}}')).toBeUndefined();
});

test('all else is JSON to it that is JSON to Node.js', () => {
  const text = fc
    .json({ noUnicodeString: false })
    .map((compact) => JSON.stringify(JSON.parse(compact), null, 1));
  fc.assert(fc.property(text, (text) => expect(misprintIn(text)).toBeUndefined()));
});

test('a text with something changed is JSON to both or to neither', () => {
  const pieces = [
    '',
    '"',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '0',
    '-',
    '.',
    'e',
    '\\',
    '\u007f',
    '\u0001',
    '\ud800',
    ' ',
  ];
  const changed = fc
    .tuple(fc.json(), fc.nat(), fc.nat(2), fc.constantFrom(...pieces))
    .map(([text, at, length, piece]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + piece + text.slice(place + length);
    });
  const property = fc.property(changed, (text) => {
    const misprint = misprintIn(text);
    // A repeated name is still JSON.
    expect(misprint?.message !== 'this is not JSON').toBe(isJson(text));
  });
  fc.assert(property, { numRuns: 2_000 });
});

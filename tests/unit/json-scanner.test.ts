import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { JsonScanner } from '../../src/dashboard/new-task/parse-json.js';

const scan = (text: string) => new JsonScanner(text).scan();

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('JsonScanner', () => {
  test.each([
    ['{"a": 1,}', 8, /Unexpected comma/],
    ['{"a": 1 "b": 2}', 8, /Expected a comma or }/],
    ['{a: 1}', 1, /Expected a property name in double quotes/],
    ['{"a" 1}', 5, /Expected a colon/],
    ['{"a": mp4}', 6, /Expected a value/],
    ['{"a": 01}', 7, /Expected a comma or }/],
    ['[1, 2', 5, /Expected a comma or ]/],
    ['{"a": "b}', 6, /no closing quote/],
    ['{"a": "b\nc"}', 8, /Line breaks and tabs/],
    ['{"a": "\\x"}', 7, /A backslash must be followed/],
    ['{} {}', 3, /Unexpected text after/],
    ['', 0, /Expected a value/],
  ])('%j is wrong at %d', (text, position, problem) => {
    expect(isJson(text)).toBe(false);
    expect(scan(text)).toEqual({ position, problem: expect.stringMatching(problem) });
  });

  test('finds nothing in JSON, whatever is in it', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => scan(JSON.stringify(value, null, 1)) === null));
  });

  test('finds an error exactly where the engine finds one', () => {
    const damaged = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', ']', '0', '\\', '\n', 'x', ':'))
      .map(([text, at, inserted]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + inserted + text.slice(place + 1);
      });
    fc.assert(
      fc.property(damaged, (text) => (scan(text) === null) === isJson(text)),
      { numRuns: 2_000 },
    );
  });
});

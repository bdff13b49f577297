import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, type JsonValue } from '../../src/core/json.js';

const anyJson = fc.jsonValue() as fc.Arbitrary<JsonValue>;

/** The same value with the keys of every object in another order. */
function shuffled(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(shuffled);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, child]) => [key, shuffled(child)]),
  );
}

describe('canonicalJson', () => {
  test.each<[JsonValue, string]>([
    [{ b: 1, a: { d: null, c: [true, 'x'] } }, '{"a":{"c":[true,"x"],"d":null},"b":1}'],
    [[3, 1, 2], '[3,1,2]'],
    [-0, '0'],
    [1e21, '1e+21'],
    ['"\n\u2028', '"\\"\\n\u2028"'],
    [{}, '{}'],
    [[], '[]'],
    [null, 'null'],
    [JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
  ])('%j', (value, text) => expect(canonicalJson(value)).toBe(text));

  test.each<[JsonValue, JsonValue]>([
    [1, true],
    [1, '1'],
    [0, null],
    ['', null],
    [[], {}],
    [
      [1, 2],
      [2, 1],
    ],
    [[[1], 2], [[1, 2]]],
    [{ a: 1 }, { a: 1, b: null }],
    [{ 'a":1,"b': 2 }, { a: 1, b: 2 }],
  ])('%j is not %j', (a, b) => expect(canonicalJson(a)).not.toBe(canonicalJson(b)));

  test('says what JSON says, whatever the order of keys', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
      }),
    );
  });

  test('is its own canonical text', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
});

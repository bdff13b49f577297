import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findJsonProblem, MAX_JSON_DEPTH } from '../../src/core/json.js';

/** A value inside so many arrays or objects. */
function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = wrap(value);
  return value;
}

const inArray = (inner: unknown) => [inner];
const inObject = (inner: unknown) => ({ a: inner });

describe('findJsonProblem', () => {
  test.each([null, true, 0, -1.5, 'ü🧵', [], {}, { a: [{ b: null }] }, '\u0000'])('%j is fine', (value) => {
    expect(findJsonProblem(value)).toBeNull();
  });

  test.each<[string, unknown, string, RegExp]>([
    ['half of a surrogate pair', { a: ['\ud83e'] }, '/a/0', /half of a surrogate pair/],
    ['the other half', '\uddf5', '', /half of a surrogate pair/],
    ['half of a pair in a key', { a: { 'x\ud83e': 1 } }, '/a', /key contains half/],
    ['NaN', { a: Number.NaN }, '/a', /not finite/],
    ['Infinity', [Number.POSITIVE_INFINITY], '/0', /not finite/],
    ['minus Infinity', [[1], Number.NEGATIVE_INFINITY], '/1', /not finite/],
    ['undefined', { a: undefined }, '/a', /undefined cannot be stored/],
    ['a hole in an array', new Array(2), '/0', /undefined cannot be stored/],
    ['a function', { a: () => 1 }, '/a', /function cannot be stored/],
    ['a symbol', [Symbol('s')], '/0', /symbol cannot be stored/],
    ['a bigint', { a: 1n }, '/a', /bigint cannot be stored/],
    ['keys that must be escaped', { 'a/b~c': [Number.NaN] }, '/a~1b~0c/0', /not finite/],
  ])('%s', (_, value, pointer, message) => {
    expect(findJsonProblem(value)).toEqual({ pointer, message: expect.stringMatching(message) });
  });

  test('the first problem in the order of the text is told', () => {
    const value = { a: 1, b: { c: Number.NaN }, d: undefined };
    expect(findJsonProblem(value)?.pointer).toBe('/b/c');
  });

  test.each([
    ['arrays', inArray],
    ['objects', inObject],
  ])('%s may be nested to the limit, not deeper', (_, wrap) => {
    expect(findJsonProblem(nested(MAX_JSON_DEPTH, wrap))).toBeNull();
    expect(findJsonProblem(nested(MAX_JSON_DEPTH + 1, wrap))?.message).toMatch(/nested deeper than 100/);
  });

  test.each([1_000, 1_000_000])('%d levels do not overflow the stack', (depth) => {
    expect(findJsonProblem(nested(depth, inArray))?.message).toMatch(/nested deeper/);
    expect(findJsonProblem(nested(depth, inObject))?.message).toMatch(/nested deeper/);
  });

  test('a value that contains itself is found to be too deep', () => {
    const circle: Record<string, unknown> = { a: 1 };
    circle.self = [circle];
    expect(findJsonProblem(circle)?.message).toMatch(/nested deeper/);
  });

  test('what is fine comes back unchanged, and JSON by itself always is', () => {
    const anything = fc.anything({ maxDepth: 4, withBigInt: true });
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(findJsonProblem(value)).toBeNull()));
    fc.assert(
      fc.property(anything, (value) => {
        if (findJsonProblem(value) !== null) return;
        const back = JSON.parse(JSON.stringify(value));
        expect(findJsonProblem(back)).toBeNull();
        expect(JSON.stringify(back)).toBe(JSON.stringify(value));
      }),
    );
  });
});

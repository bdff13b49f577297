import { expect, test } from '@jest/globals';
import { plainJson, plainText } from '../../src/cli/output.js';

/** Each of them does something to a terminal, or to the order in which text is read. */
const ACTIVE = [
  '\u001b',
  '\u007f',
  '\u0085',
  '\u009b',
  '\u061c',
  '\u200e',
  '\u202e',
  '\u2028',
  '\u2066',
  '\u2069',
];

test.each(ACTIVE)('%j never reaches a terminal as it is', (character) => {
  const value = { text: `a${character}b`, [`c${character}`]: [character] };
  const json = plainJson(value);
  expect(json).toMatch(/^[\x20-\x7e]+$/);
  expect(JSON.parse(json)).toEqual(value);
  expect(plainText(`a${character}${character}b`)).toBe('a b');
});

test('other text stays as it is', () => {
  const text = 'Zoë → 日本 👍 "quoted" \\ back';
  expect(plainJson({ text })).toBe(JSON.stringify({ text }));
  expect(plainText(text)).toBe(text);
});

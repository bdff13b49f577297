import { describe, expect, test } from '@jest/globals';
import { errorText, messageText } from '../../src/core/text.js';

describe('messageText', () => {
  test.each(['', 'no route', 'x'.repeat(10_000), '🧵'.repeat(10_000)])(
    'keeps what is not too long',
    (text) => {
      expect(messageText(text)).toBe(text);
    },
  );

  test('cuts what is longer, says so, and splits no character', () => {
    for (const [character, count] of [
      ['x', 10_001],
      ['🧵', 10_001],
      ['x🧵', 700_000],
    ] as const) {
      const cut = messageText(character.repeat(count));
      expect([...cut]).toHaveLength(10_000);
      expect(cut.endsWith('… (cut)')).toBe(true);
      expect(cut.isWellFormed()).toBe(true);
    }
  });

  test('replaces what UTF-8 cannot hold', () => {
    expect(messageText('half \ud83e').isWellFormed()).toBe(true);
    expect(messageText(`\ud83e${'x'.repeat(20_000)}`).isWellFormed()).toBe(true);
  });
});

test('errorText is never empty', () => {
  expect(errorText('no route')).toBe('no route');
  expect(errorText('')).toBe('The handler failed without a message');
});

import { describe, expect, test } from '@jest/globals';
import { errorText } from '../../src/domain/error-text.js';

describe('errorText', () => {
  test('is never empty, not too long, and can be stored', () => {
    expect(errorText('no route')).toBe('no route');
    expect(errorText('')).toBe('The handler failed without a message');
    expect(errorText('x'.repeat(20_000))).toHaveLength(10_000);
    expect(errorText('half \ud83e').isWellFormed()).toBe(true);
    expect(errorText(`${'x'.repeat(9_999)}🧵`).isWellFormed()).toBe(true);
  });
});

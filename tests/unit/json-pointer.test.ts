import { describe, expect, test } from '@jest/globals';
import { jsonPointer } from '../../src/core/json.js';

describe('jsonPointer', () => {
  test('leads along keys and indexes, escaped', () => {
    expect(jsonPointer([])).toBe('');
    expect(jsonPointer(['a', 0, ''])).toBe('/a/0/');
    expect(jsonPointer(['a/b', '~1', '~'])).toBe('/a~1b/~01/~0');
  });
});

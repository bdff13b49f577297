import { describe, expect, test } from '@jest/globals';
import { drawWeight, STRATEGIES } from '../../src/core/workers.js';

describe('strategies', () => {
  test('are the four of the contract', () => {
    expect([...STRATEGIES].sort()).toEqual(['fifo', 'lifo', 'priority', 'weighted_random']);
  });

  test.each([
    [1, 1 / 2],
    [99, 1 / 100],
    [1000, 1 / 1001],
  ])('priority %d is drawn with weight %d', (priority, weight) => {
    expect(drawWeight(priority)).toBe(weight);
  });
});

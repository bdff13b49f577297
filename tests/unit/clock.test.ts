import { describe, expect, test } from '@jest/globals';
import { ManualClock, systemClock } from '../../src/core/clock.js';

describe('clocks', () => {
  test('one that a test moves stands still until then', () => {
    const clock = new ManualClock(new Date('2025-11-05T19:35:00Z'));
    expect(clock.now()).toBe(Date.parse('2025-11-05T19:35:00Z'));
    clock.advance(1_500);
    clock.advance(-500);
    expect(clock.now()).toBe(Date.parse('2025-11-05T19:35:01Z'));
    clock.set(new Date(5));
    expect(clock.now()).toBe(5);
  });

  test("the system's goes by the system", () => {
    const before = Date.now();
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  });
});

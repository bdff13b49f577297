import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { backoffMs, DEFAULT_RETRY_POLICY } from '../../src/core/retry.js';

const MIDDLE = () => 0.5;
const LOWEST = () => 0;
const HIGHEST = () => 1 - Number.EPSILON;

describe('backoffMs', () => {
  test('by default 1 s, doubled with each attempt, up to 300 s', () => {
    const attempts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 50, 5000];
    const seconds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300];
    expect(attempts.map((attempt) => backoffMs(attempt, MIDDLE) / 1000)).toEqual(seconds);
  });

  test('10 % shorter or longer by chance, the cap included', () => {
    expect(backoffMs(3, LOWEST)).toBe(3_600);
    expect(backoffMs(3, HIGHEST)).toBe(4_400);
    expect(backoffMs(20, LOWEST)).toBe(270_000);
    expect(backoffMs(20, HIGHEST)).toBe(300_000);
  });

  test('every part of the policy can be set by itself', () => {
    expect(backoffMs(1, MIDDLE, { baseSeconds: 0.25 })).toBe(250);
    expect(backoffMs(3, MIDDLE, { factor: 3 })).toBe(9_000);
    expect(backoffMs(7, MIDDLE, { factor: 1 })).toBe(1_000);
    expect(backoffMs(9, MIDDLE, { maxSeconds: 10 })).toBe(10_000);
    expect(backoffMs(3, LOWEST, { jitter: 0 })).toBe(4_000);
    expect(backoffMs(3, LOWEST, { jitter: 0.5 })).toBe(2_000);
    expect(backoffMs(5, MIDDLE, { baseSeconds: 0 })).toBe(0);
  });

  test('a part that is undefined is as it is by default', () => {
    const nothing = { baseSeconds: undefined, factor: undefined, maxSeconds: undefined, jitter: undefined };
    expect(backoffMs(4, MIDDLE, nothing)).toBe(8_000);
  });

  test('is whole milliseconds, within the jitter and the cap', () => {
    const policies = fc.record({
      baseSeconds: fc.double({ min: 0.001, max: 1000, noNaN: true }),
      factor: fc.double({ min: 1, max: 100, noNaN: true }),
      maxSeconds: fc.double({ min: 0.001, max: 100_000, noNaN: true }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), chances, policies, (attempts, chance, policy) => {
        const ms = backoffMs(attempts, () => chance, policy);
        const { baseSeconds, factor, maxSeconds, jitter } = policy;
        const middle = Math.min(baseSeconds * factor ** (attempts - 1), maxSeconds) * 1000;
        expect(Number.isInteger(ms)).toBe(true);
        expect(ms).toBeGreaterThanOrEqual(Math.floor(middle * (1 - jitter)));
        expect(ms).toBeLessThanOrEqual(Math.ceil(Math.min(middle * (1 + jitter), maxSeconds * 1000)));
      }),
    );
  });

  test('the default policy cannot be changed', () => {
    expect(Object.isFrozen(DEFAULT_RETRY_POLICY)).toBe(true);
  });
});

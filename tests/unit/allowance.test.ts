import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TokenBucket } from '../../src/auth/token-bucket.js';
import { ManualClock } from '../../src/index.js';

const START = Date.UTC(2025, 10, 5, 12);

function allowanceOf(perMinute: number) {
  const clock = new ManualClock(START);
  const allowance = new TokenBucket(perMinute, () => clock.now());
  const allowed = (client: string | number, times: number) =>
    Array.from({ length: times }, () => allowance.take(client)).filter(({ isAllowed }) => isAllowed).length;
  return { clock, allowance, allowed };
}

describe('an allowance', () => {
  test('can be spent at once, and comes back evenly', () => {
    const { clock, allowance, allowed } = allowanceOf(60);
    expect(allowance.take('a')).toEqual({ isAllowed: true, remaining: 59, fullInMs: 1_000, waitMs: 0 });
    expect(allowed('a', 100)).toBe(59);
    expect(allowance.take('a')).toEqual({ isAllowed: false, remaining: 0, fullInMs: 60_000, waitMs: 1_000 });
    clock.advance(999);
    expect(allowed('a', 5)).toBe(0);
    clock.advance(1);
    expect(allowed('a', 5)).toBe(1);
    clock.advance(10_000);
    expect(allowed('a', 50)).toBe(10);
    clock.advance(600_000);
    expect(allowed('a', 100)).toBe(60);
  });

  test('is each client’s own', () => {
    const { allowed } = allowanceOf(5);
    expect(allowed('a', 9)).toBe(5);
    expect(allowed('b', 9)).toBe(5);
    // A key's number is not an address.
    expect(allowed(1, 9)).toBe(5);
    expect(allowed('1', 9)).toBe(5);
  });

  test('is remembered for as long as it matters, and after a clock that was put back no longer than a minute', () => {
    const { clock, allowed } = allowanceOf(60);
    expect(allowed('a', 60)).toBe(60);
    clock.advance(59_000);
    expect(allowed('b', 1)).toBe(1);
    expect(allowed('a', 60)).toBe(59);
    clock.advance(1_000);
    expect(allowed('a', 60)).toBe(1);
    // The former generation is looked at too.
    clock.advance(2_000);
    expect(allowed('a', 60)).toBe(2);
    clock.set(START - 86_400_000);
    expect(allowed('a', 60)).toBe(0);
    clock.advance(60_000);
    expect(allowed('a', 60)).toBe(60);
  });

  test('forgets clients where there are very many, the latest last', () => {
    const { allowed } = allowanceOf(1);
    expect(allowed('first', 2)).toBe(1);
    for (let client = 0; client < 15_000; client++) allowed(client, 1);
    expect(allowed('first', 1)).toBe(0);
    for (let client = 15_000; client < 60_000; client++) allowed(client, 1);
    expect(allowed(59_999, 1)).toBe(0);
    expect(allowed('first', 1)).toBe(1);
  });

  test('says when the next request is allowed, and how many are, whatever the rate', () => {
    const rates = fc.integer({ min: 1, max: 1_000_000 });
    const pauses = fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 30 });
    fc.assert(
      fc.property(rates, pauses, (rate, steps) => {
        const { clock, allowance } = allowanceOf(rate);
        for (const pause of steps) {
          clock.advance(pause);
          const { isAllowed, remaining: left, fullInMs, waitMs } = allowance.take('a');
          expect(left).toBeGreaterThanOrEqual(0);
          expect(left).toBeLessThan(rate);
          expect(fullInMs).toBeLessThanOrEqual(60_000.01);
          expect(waitMs > 0).toBe(!isAllowed);
          if (isAllowed) continue;
          clock.advance(Math.ceil(waitMs));
          expect(allowance.take('a').isAllowed).toBe(true);
        }
      }),
    );
  });

  test.each([0, -1, Number.NaN])('of %d a minute is none', (rate) => {
    expect(() => allowanceOf(rate)).toThrow(RangeError);
  });

  test.each([1, 7, 59, 600, 999_999])('of %d a minute is exactly that', (rate) => {
    const { allowed } = allowanceOf(rate);
    expect(allowed('a', rate + 10)).toBe(rate);
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bucketDuration, durationBucket, quantileOf } from '../../src/core/statistics.js';

const counted = (durations: readonly number[]): Map<number, number> => {
  const counts = new Map<number, number>();
  for (const duration of durations)
    counts.set(durationBucket(duration), (counts.get(durationBucket(duration)) ?? 0) + 1);
  return counts;
};

const durations = fc.double({ min: 1, max: 1e12, noNaN: true });

describe('duration buckets', () => {
  test('a duration is told at most 5 % off', () => {
    fc.assert(
      fc.property(durations, (duration) => {
        const told = bucketDuration(durationBucket(duration));
        expect(Math.abs(told - duration) / duration).toBeLessThan(0.05);
      }),
    );
  });

  test('longer durations never fall into lower buckets', () => {
    fc.assert(
      fc.property(durations, durations, (a, b) => {
        expect(durationBucket(Math.max(a, b))).toBeGreaterThanOrEqual(durationBucket(Math.min(a, b)));
      }),
    );
  });

  test.each([0, 0.5, -1, -1e9])('%d ms is none to speak of', (duration) => {
    expect(bucketDuration(durationBucket(duration))).toBe(0);
  });
});

describe('quantileOf', () => {
  test('of nothing is unknown', () => {
    expect(quantileOf(new Map(), 0.5)).toBeNull();
    expect(quantileOf(new Map([[3, 0]]), 0.5)).toBeNull();
  });

  test('is at most 5 % off the one that a sorted list has there', () => {
    const shares = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(durations, { minLength: 1, maxLength: 200 }), shares, (list, share) => {
        const sorted = list.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
        const told = quantileOf(counted(list), share) as number;
        expect(Math.abs(told - exact) / exact).toBeLessThan(0.05);
      }),
    );
  });

  test('does not depend on the order in which buckets were counted', () => {
    const counts = counted([5, 1, 100, 2, 3]);
    const reversed = new Map([...counts].reverse());
    expect(quantileOf(reversed, 0.5)).toBe(quantileOf(counts, 0.5));
  });
});

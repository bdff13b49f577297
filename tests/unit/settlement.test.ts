import { describe, expect, test } from '@jest/globals';
import { decideFailure } from '../../src/core/retry.js';

const failure = { errorMessage: 'no route', reason: 'error', retryDelayMs: 2_000 } as const;

describe('decideFailure', () => {
  test.each([
    [1, 2],
    [1, 10],
    [9, 10],
  ])('attempt %d of %d is tried again, after the delay asked for', (attempts, maxAttempts) => {
    expect(decideFailure({ attempts, maxAttempts }, failure)).toEqual({ status: 'queued', delayMs: 2_000 });
  });

  test('without delay it is tried again at once', () => {
    const outcome = decideFailure({ attempts: 1, maxAttempts: 2 }, { ...failure, retryDelayMs: 0 });
    expect(outcome).toEqual({ status: 'queued', delayMs: 0 });
  });

  test.each([
    [1, 1],
    [5, 5],
    [6, 5],
  ])('attempt %d of %d was the last', (attempts, maxAttempts) => {
    const outcome = decideFailure({ attempts, maxAttempts }, { ...failure, reason: 'lease_expired' });
    expect(outcome).toEqual({ status: 'failed', failureReason: 'lease_expired' });
  });

  test.each(['rejected', 'timeout', 'error'] as const)('%s for good leaves attempts unused', (reason) => {
    const outcome = decideFailure(
      { attempts: 1, maxAttempts: 5 },
      { ...failure, reason, retryDelayMs: null },
    );
    expect(outcome).toEqual({ status: 'failed', failureReason: reason });
  });

  // An instant beyond the year 9999 could be stored, but no list that holds it could be answered.
  test.each([1e15, Number.MAX_VALUE, Number.POSITIVE_INFINITY])(
    'a delay of %d ms is a year',
    (retryDelayMs) => {
      const outcome = decideFailure({ attempts: 1, maxAttempts: 5 }, { ...failure, retryDelayMs });
      expect(outcome).toEqual({ status: 'queued', delayMs: 365 * 24 * 3600 * 1000 });
    },
  );
});

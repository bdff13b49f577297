import { describe, expect, test } from '@jest/globals';
import {
  describeLostLease,
  expiredFailure,
  isRepeated,
  isTooLateToReap,
  type LastSettlement,
  lostLease,
  newProgress,
  type Settlement,
  TIMED_OUT,
} from '../../src/core/leases.js';
import { decideFailure } from '../../src/core/retry.js';
import { failureEntry, loggedEvent } from '../../src/core/task-log.js';

const HELD: LastSettlement = {
  status: 'processing',
  failureReason: null,
  lockedBy: 'other',
  leaseToken: 'later',
  settledToken: null,
  settledAs: null,
  result: null,
  errorMessage: null,
};

describe('a lease that is no longer held', () => {
  test.each<[string, Partial<LastSettlement>]>([
    ['was already settled with another outcome', { settledToken: 'mine' }],
    ['was cancelled', { status: 'failed', failureReason: 'cancelled' }],
    ['expired and the task was queued again', { status: 'queued' }],
    ['was taken by another worker (other)', {}],
    ['expired and it had no attempts left', { status: 'failed', failureReason: 'lease_expired' }],
    ['timed out', { status: 'failed', failureReason: 'timeout' }],
    ['is finished', { status: 'completed' }],
  ])('says that it %s', (words, state) => {
    expect(describeLostLease(7, 'mine', { ...HELD, ...state })).toContain(words);
    expect(lostLease(7, 'mine', { ...HELD, ...state })).toMatchObject({ code: 'LEASE_LOST' });
  });

  test('is of a task that may be gone', () => {
    expect(describeLostLease(7, 'mine', undefined)).toBe('Task 7 was deleted');
    expect(lostLease(7, 'mine', undefined)).toMatchObject({ code: 'TASK_NOT_FOUND' });
  });
});

const DONE: LastSettlement = { ...HELD, settledToken: 'mine' };

test.each<[boolean, Settlement, Partial<LastSettlement>]>([
  [true, { as: 'complete', result: '1' }, { settledAs: 'complete', result: '1' }],
  [false, { as: 'complete', result: '1' }, { settledAs: 'complete', result: '2' }],
  [true, { as: 'fail', errorMessage: 'no' }, { settledAs: 'fail', errorMessage: 'no' }],
  [false, { as: 'fail', errorMessage: 'no' }, { settledAs: 'fail', errorMessage: 'yes' }],
  [true, { as: 'release' }, { settledAs: 'release' }],
  [false, { as: 'release' }, { settledAs: 'fail' }],
  [false, { as: 'release' }, { settledAs: 'release', settledToken: 'later' }],
  [false, { as: 'fail', errorMessage: 'no' }, { settledAs: null, errorMessage: 'no' }],
])('%s: %j is the same settle as %j', (expected, settlement, last) => {
  expect(isRepeated(settlement, 'mine', { ...DONE, ...last })).toBe(expected);
});

test('progress is a change only where it is new; a percentage that is not said is kept', () => {
  const before = { percent: 10, message: 'a' };
  expect(newProgress(null, before)).toBeNull();
  expect(newProgress({ percent: null, message: 'a' }, before)).toBeNull();
  expect(newProgress({ percent: null, message: null }, before)).toEqual({ percent: 10, message: null });
  expect(newProgress({ percent: 11, message: 'a' }, before)).toEqual({ percent: 11, message: 'a' });
});

test('an expired lease is retried at once, a handler that does not return never', () => {
  const task = { attempts: 1, maxAttempts: 2 };
  const expired = expiredFailure('w');
  expect([loggedEvent(expired.errorMessage), loggedEvent(TIMED_OUT.errorMessage)]).toEqual([
    'expire',
    'fail',
  ]);
  expect(decideFailure(task, expired)).toEqual({ status: 'queued', delayMs: 0 });
  expect(decideFailure(task, TIMED_OUT)).toEqual({ status: 'failed', failureReason: 'timeout' });
});

test('leases are taken back only soon after it was asked for', () => {
  expect([0, 1_000, 1_001].map((passed) => isTooLateToReap(5, 5 + passed))).toEqual([false, false, true]);
});

test('the log of a task says whether its failure was the last', () => {
  const failure = { errorMessage: 'no route', reason: 'error', retryDelayMs: 0 } as const;
  expect(failureEntry('failed', failure)).toEqual({
    level: 'error',
    message: 'Failed: no route',
    details: null,
  });
  expect(failureEntry('queued', { ...failure, details: '{}' })).toEqual({
    level: 'warning',
    message: 'Will be retried: no route',
    details: '{}',
  });
});

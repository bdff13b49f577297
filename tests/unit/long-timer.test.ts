import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { startTimer as clientTimer } from '../../src/client/timers.js';
import { startTimer } from '../../src/core/clock.js';

const DAY_MS = 86_400_000;

// Fake timers do as real ones: asked for more than 31 bits of milliseconds, they fire at once.
beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe.each([
  ['of the server', startTimer],
  ['of the client', clientTimer],
])('the timer %s', (_, start) => {
  test.each([0, 1, 1_000, 2 ** 31 - 1, 2 ** 31, 60 * DAY_MS])('fires after %i ms, not before', (delay) => {
    const run = jest.fn();
    start(run, delay);
    if (delay > 0) {
      jest.advanceTimersByTime(delay - 1);
      expect(run).not.toHaveBeenCalled();
    }
    jest.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(100 * DAY_MS);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('never fires after infinitely many', () => {
    const run = jest.fn();
    start(run, Number.POSITIVE_INFINITY);
    jest.advanceTimersByTime(400 * DAY_MS);
    expect(run).not.toHaveBeenCalled();
  });

  test('can be called off, also in its second month', () => {
    const run = jest.fn();
    const callOff = start(run, 60 * DAY_MS);
    jest.advanceTimersByTime(50 * DAY_MS);
    callOff();
    jest.advanceTimersByTime(50 * DAY_MS);
    expect(run).not.toHaveBeenCalled();
  });
});

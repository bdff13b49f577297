import { describe, expect, test } from '@jest/globals';
import { LOGGED_AS } from '../../src/core/task-log.js';
import { attemptsIn } from '../../src/dashboard/task/read-log.js';

/** A log of these messages, a second apart, with the attempt that each was written in. */
const log = (...messages: [string, number][]) =>
  messages.map(([message, attempt], index) => ({
    logId: index + 1,
    at: new Date(index * 1000),
    level: 'info' as const,
    message,
    details: null,
    attempt,
  }));

describe('the attempts that a log tells of', () => {
  test('are those that were claimed, each with its end and what went wrong', () => {
    const attempts = attemptsIn(
      log(
        [`${LOGGED_AS.claimed}one`, 1],
        ['a handler says something', 1],
        [`${LOGGED_AS.willBeRetried}no paper`, 1],
        [`${LOGGED_AS.claimed}two`, 2],
        [`${LOGGED_AS.expired}worker two stopped responding`, 2],
        [LOGGED_AS.queuedAgain, 0],
        [`${LOGGED_AS.claimed}one`, 1],
      ),
    );
    expect(attempts.map(({ number, worker, outcome, error }) => [number, worker, outcome, error])).toEqual([
      [1, 'one', 'willBeRetried', 'no paper'],
      [2, 'two', 'expired', 'worker two stopped responding'],
      [1, 'one', null, null],
    ]);
    expect(attempts[0]).toMatchObject({ began: new Date(0), ended: new Date(2000) });
  });

  test('are none for a task that was cancelled before it ran', () => {
    expect(attemptsIn(log([LOGGED_AS.cancelled, 0]))).toEqual([]);
  });

  test.each(Object.entries(LOGGED_AS))('knows what %s is called', (kind, words) => {
    if (kind === 'claimed' || kind === 'queuedAgain') return;
    const [attempt] = attemptsIn(log([`${LOGGED_AS.claimed}one`, 1], [words, 1]));
    expect(attempt?.outcome).toBe(kind);
  });
});

import { describe, expect, test } from '@jest/globals';
import { pollAdviceSeconds } from '../../src/core/poll-advice.js';

const NOW = Date.UTC(2025, 10, 5, 12);
const UNKNOWN = { waitMs: null, runMs: null };

/** A queued task that has been due for so many seconds; negative is scheduled. */
const queued = (dueForSeconds: number) => ({
  status: 'queued' as const,
  createdAt: NOW - Math.max(dueForSeconds, 0) * 1000,
  runAfter: NOW - dueForSeconds * 1000,
  processingStartedAt: null,
});

const processing = (forSeconds: number) => ({
  status: 'processing' as const,
  createdAt: NOW - 3_600_000,
  runAfter: NOW - 3_600_000,
  processingStartedAt: NOW - forSeconds * 1000,
});

const advice = (task: Parameters<typeof pollAdviceSeconds>[0], waitSeconds?: number, runSeconds?: number) =>
  pollAdviceSeconds(
    task,
    waitSeconds === undefined
      ? UNKNOWN
      : { waitMs: waitSeconds * 1000, runMs: (runSeconds as number) * 1000 },
    NOW,
  );

describe('pollAdviceSeconds', () => {
  test.each([
    ['a fresh task: the usual wait and run', queued(0), 10, 20, 30],
    ['one that has waited: what is left of both', queued(4), 10, 20, 26],
    ['one that runs: what is left of the run', processing(5), 10, 20, 15],
    ['a part of a second counts as one', queued(0), 0.1, 1.0, 2],
    ['never less than a second', processing(20), 10, 20, 2],
    ['a quick type', queued(0), 0.001, 0.002, 1],
    ['never more than a minute', queued(0), 30, 3600, 60],
    ['overdue in the queue: a tenth of the time so far, and the run', queued(100), 10, 20, 30],
    ['overdue while running: a tenth of the time so far', processing(300), 10, 20, 30],
    ['long overdue: still never more than a minute', processing(86_400), 10, 20, 60],
  ])('%s', (_name, task, waitSeconds, runSeconds, expected) => {
    expect(advice(task, waitSeconds, runSeconds)).toBe(expected);
  });

  test.each([
    ['in 20 s', queued(-20), 20],
    ['in 20.5 s', queued(-20.5), 21],
    ['in an hour', queued(-3600), 60],
    ['in a millisecond', queued(-0.001), 1],
  ])('a scheduled task, due %s: when it is due, whatever its type takes', (_name, task, expected) => {
    expect(advice(task)).toBe(expected);
    expect(advice(task, 5, 5)).toBe(expected);
  });

  test('a type that nobody knows yet: soon, then ever less often', () => {
    const overTime = [0, 5, 20, 100, 400, 10_000].map((seconds) => advice(processing(seconds)));
    expect(overTime).toEqual([1, 1, 2, 10, 40, 60]);
    expect(advice(queued(0))).toBe(1);
    expect(advice(queued(100))).toBe(10);
  });

  test('an instant to run after that lies before the task was made does not count as waiting', () => {
    expect(advice({ ...queued(0), runAfter: 0 }, 10, 20)).toBe(30);
  });

  test('a clock that was set back', () => {
    expect(advice({ ...processing(0), processingStartedAt: NOW + 5000 }, 10, 20)).toBe(20);
    expect(advice({ ...queued(0), createdAt: NOW + 5000 }, 10, 20)).toBe(30);
  });
});

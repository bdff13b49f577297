import { describe, expect, test } from '@jest/globals';
import { isFinished, TASK_STATUSES } from '../../src/core/task.js';
import { canTransition, type TaskTransitionEvent, TRANSITIONS } from '../../src/core/transitions.js';

const EVENTS = Object.keys(TRANSITIONS) as TaskTransitionEvent[];

describe('transitions', () => {
  test('are those of the design, no more', () => {
    const drawn = EVENTS.flatMap((event) =>
      TASK_STATUSES.flatMap((to) =>
        [null, ...TASK_STATUSES]
          .filter((from) => canTransition(event, from, to))
          .map((from) => `${event}: ${from} → ${to}`),
      ),
    );
    expect(drawn.sort()).toEqual(
      [
        'enqueue: null → queued',
        'claim: queued → processing',
        'complete: processing → completed',
        'fail: processing → queued',
        'fail: processing → failed',
        'release: processing → queued',
        'expire: processing → queued',
        'expire: processing → failed',
        'cancel: queued → failed',
        'cancel: processing → failed',
        'retry: completed → queued',
        'retry: failed → queued',
      ].sort(),
    );
  });

  test('only a manual retry leads out of a finished status', () => {
    for (const from of TASK_STATUSES.filter(isFinished)) {
      const leaving = EVENTS.filter((event) => TASK_STATUSES.some((to) => canTransition(event, from, to)));
      expect(leaving).toEqual(['retry']);
    }
  });

  test('every status but the finished ones can be left, and every one can be reached', () => {
    for (const status of TASK_STATUSES) {
      expect(
        EVENTS.some((event) => [null, ...TASK_STATUSES].some((from) => canTransition(event, from, status))),
      ).toBe(true);
    }
    expect(TASK_STATUSES.filter(isFinished)).toEqual(['completed', 'failed']);
  });
});

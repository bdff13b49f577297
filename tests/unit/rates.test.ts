import { expect, test } from '@jest/globals';
import type { HistorySpan } from '../../src/client/index.js';
import { ratesSoFar } from '../../src/dashboard/overview/rates.js';

const NOON = Date.UTC(2025, 10, 5, 12);
const MINUTE = 60_000;

/** Spans of `step` minutes, the last of which begins at noon. */
const spans = (step: number, ...enqueued: number[]): HistorySpan[] =>
  enqueued.map(
    (count, at) =>
      ({
        minute: new Date(NOON - (enqueued.length - 1 - at) * step * MINUTE),
        enqueued: count,
      }) as HistorySpan,
  );

test.each([
  { step: 1, passed: 0.2, last: null, why: 'within the first minute of the last span there is no point' },
  { step: 5, passed: 0.9, last: null, why: 'nor in a longer span' },
  { step: 5, passed: 2, last: 30, why: 'later it is the rate of the time that has passed' },
  { step: 5, passed: 5, last: 12, why: 'a span that is over is whole' },
])('$why', ({ step, passed, last }) => {
  const drawn = ratesSoFar(spans(step, 50 * step, 60), 'enqueued', step, NOON + passed * MINUTE);
  expect(drawn).toEqual([50, last]);
});

test('without a history there is nothing to draw', () => {
  expect(ratesSoFar([], 'failed', 1, NOON)).toEqual([]);
});

import type { HistorySpan } from '../../client/index.js';

/** The counts of a span of the history. */
export type Counted = 'enqueued' | 'completed' | 'failed';

/** Tasks a minute in each span of `step` minutes. */
export const rates = (spans: readonly HistorySpan[], of: Counted, step: number): number[] =>
  spans.map((span) => span[of] / step);

/**
 * The rates to draw. The last span is incomplete, and its count over the whole span would look like an outage: so its
 * rate so far is drawn, except within its first minute, when it means nothing.
 */
export function ratesSoFar(
  spans: readonly HistorySpan[],
  of: Counted,
  step: number,
  now: number,
): (number | null)[] {
  const last = spans.at(-1);
  const passed = last ? (now - last.minute.getTime()) / 60_000 : step;
  const whole: (number | null)[] = rates(spans, of, step);
  if (last && passed < step) whole[whole.length - 1] = passed < 1 ? null : last[of] / passed;
  return whole;
}

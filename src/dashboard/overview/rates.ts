import type { HistorySpan } from '../../client/index.js';

/** What a span of the history counts. */
export type Counted = 'enqueued' | 'completed' | 'failed';

/** Tasks a minute in each span of `step` minutes. */
export const rates = (spans: readonly HistorySpan[], of: Counted, step: number): number[] =>
  spans.map((span) => span[of] / step);

/**
 * The rates as they are drawn. The last span is still being counted: its count over the whole span would look like an
 * outage, so its rate so far stands there. Within its first minute it says nothing yet.
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

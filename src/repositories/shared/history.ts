import type { DurationKind } from '../../core/statistics.js';
import type { HistorySpan } from '../stats-repository.js';

export const MINUTE_MS = 60_000;

/** Whole minutes over which the rate of starts is measured. */
const RATE_MINUTES = 5;

/** The first of the minutes over which the rate of starts is measured. */
export const firstRateMinute = (now: number): number => Math.floor(now / MINUTE_MS) - RATE_MINUTES;

/** Tasks started per second, from the number started since that minute; null if none was. */
export const startsPerSecond = (started: number, now: number): number | null =>
  started === 0 ? null : started / ((now - firstRateMinute(now) * MINUTE_MS) / 1000);

const emptySpan = (minute: number): HistorySpan => ({
  minute,
  enqueued: 0,
  started: 0,
  completed: 0,
  failed: 0,
  wait: new Map(),
  run: new Map(),
});

type MinuteCounts = Pick<HistorySpan, 'minute' | 'enqueued' | 'started' | 'completed' | 'failed'>;

interface MinuteDuration {
  minute: number;
  kind: DurationKind;
  bucket: number;
  count: number;
}

/** Spans of `step` minutes from one minute on, up to but without another; also empty ones. */
export function historySpans(
  { from, to, step }: { from: number; to: number; step: number },
  counts: readonly MinuteCounts[],
  durations: readonly MinuteDuration[],
): HistorySpan[] {
  const spans = Array.from({ length: Math.ceil((to - from) / step) }, (_, at) => emptySpan(from + at * step));
  const spanOf = (minute: number) => spans[Math.floor((minute - from) / step)] as HistorySpan;
  for (const { minute, enqueued, started, completed, failed } of counts) {
    const span = spanOf(minute);
    span.enqueued += enqueued;
    span.started += started;
    span.completed += completed;
    span.failed += failed;
  }
  for (const { minute, kind, bucket, count } of durations) {
    const known = spanOf(minute)[kind];
    known.set(bucket, (known.get(bucket) ?? 0) + count);
  }
  return spans;
}

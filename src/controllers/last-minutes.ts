const MINUTE_MS = 60_000;

export interface SpanQuery {
  /** How far back. */
  minutes: number;
  /** Minutes that are added up to one span. */
  step: number;
}

/** The first minute, the one after the last, and the step, in minutes since 1970 UTC; the last is that of `now`. */
export function lastMinutes({ minutes, step }: SpanQuery, now: number): [number, number, number] {
  const end = Math.floor(now / MINUTE_MS) + 1;
  return [end - minutes, end, step];
}

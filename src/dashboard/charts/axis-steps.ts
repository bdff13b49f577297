const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];

/** What may lie between two marks of a scale, in seconds: people count them in sixties. */
export const DURATION_STEPS: readonly number[] = [
  ...[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 4, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000, 10_000].map((days) => days * DAY),
];

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** A mark on the scale of times, given in seconds since 1970: midnight is told as the day that it begins. */
export function timeMark(seconds: number): string {
  const instant = new Date(seconds * 1000);
  const text = time.format(instant);
  return text === '00:00' ? day.format(instant) : text;
}

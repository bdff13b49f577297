const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365.25 * DAY;

const two = (seconds: number, large: number, largeName: string, small: number, smallName: string): string => {
  const rest = Math.floor((seconds % large) / small);
  return `${Math.floor(seconds / large)} ${largeName}${rest > 0 ? ` ${rest} ${smallName}` : ''}`;
};

/** A duration for people, in at most two units: `6 ms`, `1.2 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 0.0005) return '0 s';
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < MINUTE) return `${Math.floor(seconds)} s`;
  if (seconds < HOUR) return two(seconds, MINUTE, 'min', 1, 's');
  if (seconds < DAY) return two(seconds, HOUR, 'h', MINUTE, 'min');
  if (seconds < 100 * DAY) return two(seconds, DAY, 'd', HOUR, 'h');
  return seconds < 2 * YEAR ? `${Math.floor(seconds / DAY)} d` : `${Math.floor(seconds / YEAR)} years`;
}

const counts = new Intl.NumberFormat('en');

/** A number with its thousands apart. */
export const formatCount = (count: number): string => counts.format(count);

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365.25 * DAY;

const two = (seconds: number, large: number, largeName: string, small: number, smallName: string): string => {
  const rest = Math.floor((seconds % large) / small);
  return `${Math.floor(seconds / large)} ${largeName}${rest > 0 ? ` ${rest} ${smallName}` : ''}`;
};

/** A duration for people, in at most two units: `0.42 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 0.0005) return '0 s';
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < MINUTE) return `${Math.floor(seconds)} s`;
  if (seconds < HOUR) return two(seconds, MINUTE, 'min', 1, 's');
  if (seconds < DAY) return two(seconds, HOUR, 'h', MINUTE, 'min');
  if (seconds < 100 * DAY) return two(seconds, DAY, 'd', HOUR, 'h');
  return seconds < 2 * YEAR ? `${Math.floor(seconds / DAY)} d` : `${Math.floor(seconds / YEAR)} years`;
}

const local = new Intl.DateTimeFormat('en-GB', {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** An instant in the reader's own time: `5 Nov 2025, 20:35:00`. */
export const formatDateTime = (instant: Date): string => local.format(instant);

const sameDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** The same without the day where that is today. */
export const formatTime = (instant: Date): string =>
  instant.toDateString() === new Date().toDateString() ? sameDay.format(instant) : local.format(instant);

export { formatDuration } from '../../client/duration.js';

const counts = new Intl.NumberFormat('en');

/** With thousands separators. */
export const formatCount = (count: number): string => counts.format(count);

const local = new Intl.DateTimeFormat('en-GB', {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** An instant in local time: `5 Nov 2025, 20:35:00`. */
export const formatDateTime = (instant: Date): string => local.format(instant);

const sameDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** The same without the date if that is today. */
export const formatTime = (instant: Date): string =>
  instant.toDateString() === new Date().toDateString() ? sameDay.format(instant) : local.format(instant);

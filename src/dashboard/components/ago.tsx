import { formatDuration } from './format-duration.js';
import { formatInstant } from './format-instant.js';
import { useTick } from './use-tick.js';

/** Below a minute only whole steps of this many seconds are told: a list is no stopwatch. */
const STEP = 5;

function say(instant: Date): string {
  const seconds = (Date.now() - instant.getTime()) / 1000;
  const size = Math.abs(seconds);
  if (size < STEP) return seconds >= 0 ? 'now' : 'in a moment';
  const text = formatDuration(size < 60 ? Math.floor(size / STEP) * STEP : size)
    .split(' ', 2)
    .join(' ');
  return seconds > 0 ? `${text} ago` : `in ${text}`;
}

/** How long ago something was, or how far ahead it is. The exact instant is in its title. */
export function Ago({ instant }: { instant: Date }) {
  const text = useTick(() => say(instant));
  return (
    <time dateTime={instant.toISOString()} title={formatInstant(instant)}>
      {text}
    </time>
  );
}

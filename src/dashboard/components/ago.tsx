import { useSyncExternalStore } from 'react';
import { formatDateTime, formatDuration } from './format.js';

/** Below a minute only whole steps of this many seconds are told: a list is no stopwatch. */
const STEP = 5;

function say(instant: Date): string {
  const seconds = (Date.now() - instant.getTime()) / 1000;
  const size = Math.abs(seconds);
  if (size < STEP) return seconds >= 0 ? 'just now' : 'soon';
  const text = formatDuration(size < 60 ? Math.floor(size / STEP) * STEP : size)
    .split(' ', 2)
    .join(' ');
  return seconds > 0 ? `${text} ago` : `in ${text}`;
}

/** How long ago something was, or how far ahead it is. The exact instant is in its title. */
export function Ago({ instant }: { instant: Date }) {
  const text = useTick(() => say(instant));
  return (
    <time dateTime={instant.toISOString()} title={formatDateTime(instant)}>
      {text}
    </time>
  );
}

/** One clock for all that grows older on the screen. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const tell of listeners) tell();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** What the function says of the time, looked at every second; the component is drawn anew only when that changed. */
export const useTick = (say: () => string): string => useSyncExternalStore(subscribe, say);

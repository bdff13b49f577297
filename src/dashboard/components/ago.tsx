import { useSyncExternalStore } from 'react';
import { formatDateTime, formatDuration } from './format.js';

/** Below a minute, ages are shown in steps of this many seconds. */
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

/** The distance of an instant from now; its title has the exact time. */
export function Ago({ instant }: { instant: Date }) {
  const text = useTick(() => say(instant));
  return (
    <time dateTime={instant.toISOString()} title={formatDateTime(instant)}>
      {text}
    </time>
  );
}

/** One clock for all ages on the screen. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const notify of listeners) notify();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The function's value, updated every second; renders only when it has changed. */
export const useTick = (say: () => string): string => useSyncExternalStore(subscribe, say);

import { useSyncExternalStore } from 'react';

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

import { setTimeout as delay } from 'node:timers/promises';

/** Resolves after so many milliseconds; rejects when the signal is aborted before. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  delay(milliseconds, undefined, { signal });

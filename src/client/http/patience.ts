import { ApiError } from '../errors/api-error.js';
import { ConnectionError } from '../errors/connection-error.js';

const FIRST_MS = 200;
const MOST_MS = 10_000;

/** What a proxy, or a server that is starting or busy, answers. */
const PASSING = [429, 502, 503, 504];

/** True for a failure that passes by itself. */
export const isPassing = (error: unknown): boolean =>
  error instanceof ConnectionError || (error instanceof ApiError && PASSING.includes(error.status));

/** True where the server has said that it did nothing: then even a write without a key can be sent again. */
export const didNothing = (error: unknown): boolean =>
  error instanceof ApiError && [429, 503].includes(error.status) && error.code !== null;

/**
 * Milliseconds to wait before the next attempt, after so many that failed: twice as many each time, and by chance up to
 * half as many again, so that clients whose server was away do not all come back at once. Never fewer than the server
 * has asked for.
 */
export function patienceMs(failures: number, error?: unknown, random: () => number = Math.random): number {
  const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
  const least = Math.max(Math.min(FIRST_MS * 2 ** (failures - 1), MOST_MS), asked);
  return least * (1 + random() / 2);
}

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Attempt } from './attempt.js';

/**
 * The attempt on whose behalf code runs now, also in its timers, callbacks and promises. Followed only for workers that
 * handle crashes: it makes every promise of the process a little slower.
 */
export const attemptScope = new AsyncLocalStorage<Attempt>();

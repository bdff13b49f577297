import { LEASE_LIMITS } from './lease-limits.js';

/** Ranges of a worker's options: one truth for the program and the library. */
export const WORKER_LIMITS = Object.freeze({
  concurrency: { min: 1, max: 1000, integer: true },
  leaseSeconds: { min: 1, max: 3600 },
  graceSeconds: { min: 0, max: 86_400 },
  pollSeconds: { min: 0.01, max: 3600 },
  /** 24 days: timers count milliseconds in 31 bits. */
  timeoutSeconds: { min: 0, max: 24 * 86_400 },
  retry: {
    baseSeconds: { min: 0, max: LEASE_LIMITS.retryAfterSeconds.max },
    factor: { min: 1, max: 1000 },
    maxSeconds: { min: 0, max: LEASE_LIMITS.retryAfterSeconds.max },
    jitter: { min: 0, max: 1 },
  },
});

/** Ranges and defaults of what a worker may ask for: one truth for validation and documentation. */
export const LEASE_LIMITS = Object.freeze({
  claim: { max: 100, default: 1 },
  leaseSeconds: { min: 5, max: 3600, default: 60 },
  /** A year: far enough, and no instant it leads to is beyond those that can be answered. */
  retryAfterSeconds: { max: 365 * 24 * 3600 },
  logEntries: 1000,
  types: 1000,
});
